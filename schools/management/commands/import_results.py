"""Bring in what the DfE publishes of each school by year: census, destinations, results."""

from django.core.management.base import BaseCommand, CommandError

from schools.management.people import person
from schools.register import Refused
from schools.results import import_results, read_year


class Command(BaseCommand):
    help = "Import a DfE performance file (.csv, .gz or .xz): census, destinations, 16 to 18."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--kind", default="", help="census, ks4-destinations or 16-18")
        parser.add_argument("--year", default="", help="the school year, as 2022-23")
        parser.add_argument("--by", metavar="EMAIL", help="who imports it")

    def handle(self, *, file, kind, year, by, **options):
        starts = read_year(year)
        if year and starts is None:
            raise CommandError(f"“{year}” is no school year. Write it as 2022-23.")
        try:
            result = import_results(file, kind=kind, year=starts, by=person(by))
        except Refused as refusal:
            raise CommandError(f"{refusal} The results are as they were.") from refusal
        for line in result.in_words():
            self.stdout.write(line)
