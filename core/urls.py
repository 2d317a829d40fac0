"""Addresses of jobs, health and the demonstration's mail."""

from django.urls import path

from core import health, views

app_name = "core"
urlpatterns = [
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<int:pk>/file/", views.job_file, name="job_file"),
    path("health/", views.health, name="health"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("dev/mail", views.dev_mail, name="dev_mail"),
    path("dev/mail/<slug:key>", views.dev_mail_message, name="dev_mail_message"),
]
