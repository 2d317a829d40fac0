"""Addresses of needs: rating and agreeing them, and the needs themselves."""

from django.urls import path

from needs import views

app_name = "needs"
urlpatterns = [
    path("list/", views.need_list, name="list"),
    path("<int:pk>/", views.need_detail, name="detail"),
    path("<int:pk>/close/", views.close, name="close"),
    path("links/<int:pk>/rate/", views.rate, name="rate"),
    path("assessments/<int:pk>/agree/", views.agree, name="agree"),
    path("partnerships/<int:pk>/recompute/", views.recompute, name="recompute"),
]
