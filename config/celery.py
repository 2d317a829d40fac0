"""The Celery application: one queue, told of its work by rows in `core.Job`."""

import os

from celery import Celery

from core import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class App(Celery):
    """Before each connection to the broker, see that the embedded server is there."""

    def connection_for_read(self, *args, **options):
        embedded.ensure()
        return super().connection_for_read(*args, **options)

    def connection_for_write(self, *args, **options):
        embedded.ensure()
        return super().connection_for_write(*args, **options)


app = App("footbridge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
