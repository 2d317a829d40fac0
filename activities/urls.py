"""Addresses of the activities room."""

from django.urls import path

from activities.views import changing, offers, reading, writing

app_name = "activities"
urlpatterns = [
    path("", reading.activity_list, name="list"),
    path("export/", reading.export, name="export"),
    path("offers/", offers.offers, name="offers"),
    path("offers/add/", offers.add_offer, name="add_offer"),
    path("offers/<int:pk>/retire/", offers.retire_offer, name="retire_offer"),
    path("log/", writing.log, name="log"),
    path("log/about/", writing.log_about, name="log_about"),
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/edit/", changing.edit, name="edit"),
    path("<int:pk>/cancel/", changing.cancel, name="cancel"),
    path("<int:pk>/link-needs/", changing.link_needs, name="link_needs"),
]
