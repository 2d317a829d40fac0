"""The need frameworks, which a site administrator keeps. Nothing of a partnership is here."""

from django.contrib import admin

from needs.models import NeedArea, NeedFramework


class NeedAreaInline(admin.TabularInline):
    model = NeedArea
    extra = 0
    can_delete = False


@admin.register(NeedFramework)
class NeedFrameworkAdmin(admin.ModelAdmin):
    """A framework with its areas; it is retired, never deleted."""

    list_display = ["name", "list_version", "source", "retired_on"]
    inlines = [NeedAreaInline]

    def has_delete_permission(self, request, obj=None):
        return False
