"""Load a file of postcodes: the OfS's look-up file, or a directory of the ONS."""

from django.core.management.base import BaseCommand, CommandError

from schools.areas import Refused, load_postcodes
from schools.management.people import person


class Command(BaseCommand):
    help = (
        "Load postcodes with their areas and fifths: the OfS postcode file, or NSPL or ONSPD of "
        "the ONS, as .csv, .zip, .gz, .xz or a folder. Each keeps what the other has filled."
    )

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--edition", default="", help="as in 2025-11; else by the file's name")
        parser.add_argument("--force", action="store_true", help="accept a much smaller file")
        parser.add_argument("--reason", default="", help="why the smaller file is right")
        parser.add_argument("--by", metavar="EMAIL", help="who loads it")

    def handle(self, *, file, edition, force, reason, by, **options):
        if force and not reason.strip():
            raise CommandError("--force needs --reason: say why the smaller file is right.")
        try:
            result = load_postcodes(
                file,
                edition=edition.strip()[:40],
                by=person(by),
                force_reason=reason.strip() if force else "",
            )
        except Refused as refusal:
            raise CommandError(f"{refusal} The postcodes are as they were.") from refusal
        for line in result.in_words():
            self.stdout.write(line)
