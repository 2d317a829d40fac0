"""Addresses of the public register; its list and the page of a school are the dashboards'."""

from django.urls import path

from schools import views
from schools.areas.views import profile_postcodes

app_name = "schools"
urlpatterns = [
    path("typeahead/", views.school_typeahead, name="typeahead"),
    path("register/", views.register_status, name="register"),
    path("register/upload/", views.upload_register, name="upload_register"),
    path("postcodes/", profile_postcodes, name="profile_postcodes"),
]
