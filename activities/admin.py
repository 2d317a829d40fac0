"""The kinds of activity, which the site administrator keeps."""

from django.contrib import admin

from activities.models import ActivityType


@admin.register(ActivityType)
class ActivityTypeAdmin(admin.ModelAdmin):
    list_display = ["name", "code", "order", "default_mode", "default_strand", "retired_on"]
    list_editable = ["order"]
    search_fields = ["name", "code"]
    ordering = ["order", "pk"]

    def has_delete_permission(self, request, obj=None):
        return False
