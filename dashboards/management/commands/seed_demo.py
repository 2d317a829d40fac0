"""Fill an empty site with the invented partnerships of the demonstration."""

from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from dashboards.demo import evidence, extract, other, people, published, results, year
from partnerships.models import Partnership
from schools import register

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


@contextmanager
def no_letters():
    """Invented people get no mail."""
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, NO_MAIL
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = backend


class Command(BaseCommand):
    help = "Fill an empty site with an invented partnership and a year of its work."

    def add_arguments(self, parser):
        parser.add_argument(
            "--as-at", type=date.fromisoformat, help="the day on which the story ends (today)"
        )

    def handle(self, *args, as_at=None, **options):
        if not settings.DEMO:
            raise CommandError("Demonstration data is for demonstrations: set FOOTBRIDGE_DEMO=1.")
        if Partnership.objects.filter(slug="three-rivers").exists():
            self.stdout.write("The demonstration data is there already.")
            return
        register.import_file(extract.as_file())
        with no_letters():
            world = self.tell(as_at or timezone.localdate())
        published.tell_areas(by=world.admin)
        published.tell_changes(world)
        self.stdout.write(
            f"Three Rivers works with {len(world.links)} invented schools, as at {world.as_at}."
        )

    @transaction.atomic
    def tell(self, as_at):
        this_year = year.school_year(as_at)
        since = date(this_year - 1, 9, 1)
        world = people.found(as_at, since)
        year.tell(world, this_year)
        evidence.tell(world)
        results.tell(world, this_year)
        outsider, links = people.found_the_other(world, since)
        other.tell(outsider, links, as_at)
        return world
