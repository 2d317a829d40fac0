"""The lists of this room that the site keeps; nothing that a partnership owns."""

from django.contrib import admin

from partnerships.models import Programme, Strand


@admin.register(Strand, Programme)
class ReferenceAdmin(admin.ModelAdmin):
    """An entry of a list: it is retired, never deleted, and its code stays."""

    list_display = ("name", "code", "order", "retired_on")
    search_fields = ("name", "code")

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False
