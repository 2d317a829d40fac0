"""The library's admin, with our own site of it."""

from django.contrib.admin.apps import AdminConfig as LibraryConfig


class AdminConfig(LibraryConfig):
    default_site = "config.admin.AdminSite"
