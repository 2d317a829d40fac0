"""Addresses of the public register; the page of one school belongs to the dashboards."""

from django.urls import path

from schools import views
from schools.areas.views import profile_postcodes

app_name = "schools"
urlpatterns = [
    path("", views.school_list, name="list"),
    path("typeahead/", views.school_typeahead, name="typeahead"),
    path("register/", views.register_status, name="register"),
    path("register/upload/", views.upload_register, name="upload_register"),
    path("postcodes/", profile_postcodes, name="profile_postcodes"),
]
