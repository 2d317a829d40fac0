"""The site administrator's pages: lists of the site, and no row of a partnership."""

from django.contrib import admin


class AdminSite(admin.AdminSite):
    """Django's own without its way from any row to that row's page, which says which rows exist."""

    def get_urls(self):
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
