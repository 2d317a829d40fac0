"""Addresses of the activities room."""

from django.urls import path

from activities.views import changing, reading, writing

app_name = "activities"
urlpatterns = [
    path("", reading.activity_list, name="list"),
    path("export/", reading.export, name="export"),
    path("log/", writing.log, name="log"),
    path("log/about/", writing.log_about, name="log_about"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/edit/", changing.edit, name="edit"),
    path("<int:pk>/cancel/", changing.cancel, name="cancel"),
    path("<int:pk>/link-needs/", changing.link_needs, name="link_needs"),
]
