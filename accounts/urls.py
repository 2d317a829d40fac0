"""Addresses of a person's own pages; signing in itself is the library's."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("profile/", views.profile, name="profile"),
    path("login/code/again/", views.ask_again, name="ask_again"),
]
