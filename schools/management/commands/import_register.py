"""Bring the register into line with an extract of the DfE's "Get Information about Schools"."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from schools.groups import import_groups
from schools.lineage import import_links
from schools.register import Refused, import_file

ENDS = {
    import_file: "The register is as it was.",
    import_links: "The links are as they were.",
    import_groups: "The groups are as they were.",
}


class Command(BaseCommand):
    help = "Import a DfE register file: .csv, .xlsx, the .zip as downloaded, .gz or .xz."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?")
        parser.add_argument("--links", metavar="FILE", help="links between schools")
        parser.add_argument(
            "--groups", metavar="FILE", action="append", default=[], help="trusts and other groups"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--force", action="store_true", help="accept a much smaller file")
        parser.add_argument("--reason", default="", help="why the smaller file is right")
        parser.add_argument("--by", metavar="EMAIL", help="who imports it")

    def handle(self, *, file, links, groups, dry_run, force, reason, by, **options):
        if force and not reason.strip():
            raise CommandError("--force needs --reason: say why the smaller file is right.")
        if not (file or links or groups):
            raise CommandError("Name the register's file, or --links or --groups with theirs.")
        how = {"by": self._person(by), "force_reason": reason.strip() if force else ""}
        if file:
            self._load(import_file, file, dry_run=dry_run, **how)
        if dry_run and (links or groups):
            self.stdout.write("Links and groups are not tried; load them without --dry-run.")
            return
        if links:
            self._load(import_links, links, **how)
        for one in groups:
            self._load(import_groups, one, **how)

    def _load(self, load, file, **how):
        try:
            result = load(file, **how)
        except Refused as refusal:
            raise CommandError(f"{refusal} {ENDS[load]}") from refusal
        for line in result.in_words():
            self.stdout.write(line)

    def _person(self, email):
        if not email:
            return None
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the e-mail address {email}.")
        return person
