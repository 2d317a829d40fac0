"""Bring the register into line with an extract of the DfE's "Get Information about Schools"."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from schools.register import Refused, import_file


class Command(BaseCommand):
    help = "Import a DfE register file: .csv, .xlsx, the .zip as downloaded, .gz or .xz."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--force", action="store_true", help="accept a much smaller file")
        parser.add_argument("--reason", default="", help="why the smaller file is right")
        parser.add_argument("--by", metavar="EMAIL", help="who imports it")

    def handle(self, *, file, dry_run, force, reason, by, **options):
        if force and not reason.strip():
            raise CommandError("--force needs --reason: say why the smaller file is right.")
        try:
            result = import_file(
                file,
                by=self._person(by),
                force_reason=reason.strip() if force else "",
                dry_run=dry_run,
            )
        except Refused as refusal:
            raise CommandError(f"{refusal} The register is as it was.") from refusal
        for line in result.in_words():
            self.stdout.write(line)

    def _person(self, email):
        if not email:
            return None
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the e-mail address {email}.")
        return person
