"""Addresses of the public register; its list, a school's page and a file's are the dashboards'."""

from django.urls import path

from schools import views
from schools.areas.views import profile_postcodes

app_name = "schools"
urlpatterns = [
    path("typeahead/", views.school_typeahead, name="typeahead"),
    path("register/", views.register_status, name="register"),
    path("register/upload/", views.upload_register, name="upload_register"),
    path("postcodes/", profile_postcodes, name="profile_postcodes"),
    path("register/runs/<int:pk>/apply/", views.apply_run, name="apply_run"),
    path("register/runs/<int:pk>/drop/", views.drop_run, name="drop_run"),
    path("register/runs/<int:pk>/undo/", views.undo_run, name="undo_run"),
]
