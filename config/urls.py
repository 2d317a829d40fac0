"""Every address of the site, room by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.not_found"
handler500 = "core.errors.server_error"

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("core.urls")),
    path("schools/", include("schools.urls")),
    path("partnerships/", include("partnerships.urls")),
    path("needs/", include("needs.urls")),
    path("activities/", include("activities.urls")),
    path("evidence/", include("evaluation.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("config.api")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
]
