"""Load a measure of small areas, such as the Index of Multiple Deprivation, or remove one."""

from django.core.management.base import BaseCommand, CommandError

from schools.areas import GEOGRAPHIES, Refused, load_measure, remove_measure
from schools.management.people import person

KINDS = ("area", "rank", "decile", "quintile", "value")


class Command(BaseCommand):
    help = "Load one measure in one edition from a table of areas: .csv, .xlsx, .zip, .gz or .xz."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?")
        parser.add_argument("--remove", action="store_true", help="take this edition away")
        parser.add_argument("--measure", required=True, help="its code, such as imd or idaci")
        parser.add_argument("--edition", required=True, help="as in 2019 or 2025")
        parser.add_argument("--geography", required=True, choices=[str(one) for one in GEOGRAPHIES])
        parser.add_argument(
            "--columns",
            nargs="+",
            default=[],
            metavar="KIND=HEADING",
            help=f"where a heading is not found by itself; a kind is {', '.join(KINDS)}",
        )
        parser.add_argument("--by", metavar="EMAIL", help="who loads it")

    def handle(self, *, file, remove, measure, edition, geography, columns, by, **options):
        if remove is bool(file):
            raise CommandError("Name the file to load, or say --remove without a file.")
        which = {"measure": measure, "edition": edition.strip()[:40], "geography": geography}
        which["by"] = person(by)
        try:
            if remove:
                result = remove_measure(**which)
            else:
                result = load_measure(file, columns=dict(map(self._named, columns)), **which)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        for line in result.in_words():
            self.stdout.write(line)

    def _named(self, text):
        kind, _, heading = text.partition("=")
        if kind not in KINDS or not heading:
            raise CommandError(f"“{text}” is not KIND=HEADING with a kind of {', '.join(KINDS)}.")
        return kind, heading
