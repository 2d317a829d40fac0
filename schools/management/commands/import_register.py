"""Bring the register into line with an extract of the DfE's "Get Information about Schools"."""

from django.core.management.base import BaseCommand, CommandError

from schools.groups import import_groups
from schools.lineage import import_links
from schools.management.people import person
from schools.models import RegisterRun
from schools.register import Refused, import_file, undo_run

AS_IT_WAS = "The register is as it was."


class Command(BaseCommand):
    help = "Import a DfE register file: .csv, .xlsx, the .zip as downloaded, .gz or .xz."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="all establishments")
        parser.add_argument("--links", metavar="FILE", help="links between establishments")
        parser.add_argument(
            "--groups", metavar="FILE", action="append", default=[], help="trusts and other groups"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what FILE would change")
        parser.add_argument("--undo", metavar="RUN_ID", type=int, help="undo the last file")
        parser.add_argument("--force", action="store_true", help="accept a much smaller file")
        parser.add_argument("--reason", default="", help="why the smaller file is right")
        parser.add_argument("--by", metavar="EMAIL", help="who imports it")

    def handle(self, *, file, links, groups, dry_run, undo, force, reason, by, **options):
        self._check(file, links, groups, dry_run, undo)
        if force and not reason.strip():
            raise CommandError("--force needs --reason: say why the smaller file is right.")
        how = {"by": person(by), "force_reason": reason.strip() if force else ""}
        if undo is not None:
            self._do(self._undo, undo, how["by"])
        if links:  # first, so that the run joins what goes on, and can be undone with it
            self._do(self._read, import_links, links, **how)
        if file:
            self._do(self._import, file, dry_run=dry_run, **how)
        for one in groups:
            self._do(self._read, import_groups, one, **how)

    def _check(self, file, links, groups, dry_run, undo):
        if undo is not None and (file or links or groups or dry_run):
            raise CommandError("--undo stands alone: first undo, then import.")
        if not (file or links or groups or undo is not None):
            raise CommandError("Name a file to import, or --links, --groups or --undo.")
        if dry_run and (links or groups):
            raise CommandError("--dry-run is for the file of establishments alone.")

    def _do(self, act, *arguments, **how):
        try:
            act(*arguments, **how)
        except Refused as refusal:
            raise CommandError(f"{refusal} {AS_IT_WAS}") from refusal

    def _import(self, file, *, dry_run, **how):
        result = import_file(file, dry_run=dry_run, **how)
        for line in result.in_words():
            self.stdout.write(line)
        if not (result.same_file or dry_run):
            self.stdout.write(f"To undo it: import_register --undo {result.run.pk}")

    def _undo(self, number, by):
        run = RegisterRun.objects.filter(pk=number).first()
        if run is None:
            raise CommandError(f"There is no run {number}.")
        for line in [f"{run.file_name} is undone.", *undo_run(run, by=by).kept]:
            self.stdout.write(line)

    def _read(self, read, path, **how):
        for line in read(path, **how).in_words():
            self.stdout.write(line)
