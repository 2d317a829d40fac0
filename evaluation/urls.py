"""Addresses of evidence."""

from django.urls import path

from evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("plans/add/", views.add_plan, name="add_plan"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/rows/", views.rows, name="rows"),
    path("plans/<int:pk>/strategies/add/", views.add_strategy, name="add_strategy"),
    path("plans/<int:pk>/shares/", views.shares, name="shares"),
    path("packs/make/", views.make_pack, name="make_pack"),
    path("packs/<int:pk>/", views.pack, name="pack"),
    path("packs/<int:pk>/file/", views.pack_file, name="pack_file"),
]
