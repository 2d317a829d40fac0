"""Every address of the site, room by room."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import password_set

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.not_found"
handler500 = "core.errors.server_error"

admin.site.site_header = admin.site.site_title = "Footbridge administration"
admin.site.index_title = "Accounts and reference lists"
# One door with one count of failures: the admin's own form would have none.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("dashboards.urls")),
    path("", include("core.urls")),
    path("schools/", include("schools.urls")),
    path("partnerships/", include("partnerships.urls")),
    path("needs/", include("needs.urls")),
    path("activities/", include("activities.urls")),
    path("evidence/", include("evaluation.urls")),
    path("accounts/", include("accounts.urls")),
    # People do not change their address themselves: their partnership knows them by it.
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:profile")),
    path("accounts/password/set/", password_set),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include("config.api")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
]
