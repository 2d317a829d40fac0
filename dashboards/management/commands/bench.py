"""Measure the speed of Footbridge in a database of its own, beside the raw floor."""

from django.core.management.base import BaseCommand
from django.db import connection

from dashboards.bench import register


class Command(BaseCommand):
    help = "Print the performance table: seconds, and the ratio to the raw floor."

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=int, default=register.ROWS)

    def handle(self, *args, rows, verbosity, **options):
        name = connection.settings_dict["NAME"]
        connection.settings_dict.setdefault("TEST", {})["NAME"] = "bench_footbridge"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            register.run(self.stdout.write, rows=rows)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
