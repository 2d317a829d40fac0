"""The room of what was planned and delivered."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"

    def ready(self):
        from activities import answers, rules  # noqa: F401 -- they register themselves
