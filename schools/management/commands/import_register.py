"""Bring the register into line with an extract of the DfE's "Get Information about Schools"."""

from django.core.management.base import BaseCommand, CommandError

from schools.groups import import_groups
from schools.lineage import import_links, undo_links
from schools.management.people import person
from schools.models import LoadedFile, RegisterRun
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
        parser.add_argument(
            "--undo-links", metavar="FILE_ID", type=int, help="undo the last file of links"
        )
        parser.add_argument("--force", action="store_true", help="accept a much smaller file")
        parser.add_argument("--reason", default="", help="why the smaller file is right")
        parser.add_argument("--by", metavar="EMAIL", help="who imports it")

    def handle(self, *, force, reason, by, **options):
        self._check(**options)
        if force and not reason.strip():
            raise CommandError("--force needs --reason: say why the smaller file is right.")
        how = {"by": person(by), "force_reason": reason.strip() if force else ""}
        self._act(how, **options)

    def _act(self, how, *, file, links, groups, dry_run, undo, undo_links, **options):
        if undo is not None:
            self._do(self._undo, undo, how["by"])
        if undo_links is not None:
            self._do(self._undo_links, undo_links, how["by"])
        if links:  # first, so that the run joins what goes on, and can be undone with it
            self._do(self._links, links, **how)
        if file:
            self._do(self._import, file, dry_run=dry_run, **how)
        for one in groups:
            self._do(self._read, import_groups, one, **how)

    def _check(self, *, file, links, groups, dry_run, undo, undo_links, **options):
        undone = [number for number in (undo, undo_links) if number is not None]
        if undone and (file or links or groups or dry_run or len(undone) > 1):
            raise CommandError("--undo and --undo-links stand alone: first undo, then import.")
        if not (file or links or groups or undone):
            raise CommandError(
                "Name a file to import, or --links, --groups, --undo or --undo-links."
            )
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

    def _undo_links(self, number, by):
        file = LoadedFile.objects.filter(pk=number, kind=LoadedFile.Kind.LINKS).first()
        if file is None:
            raise CommandError(f"There is no file of links {number}.")
        parted = undo_links(file, by=by)
        self.stdout.write(f"{file.file_name} is undone.")
        self.stdout.write(f"{parted:>9,} schools are again what they were before it")

    def _links(self, path, **how):
        result = self._read(import_links, path, **how)
        if not result.same_file:
            self.stdout.write(f"To undo it: import_register --undo-links {result.file.pk}")

    def _read(self, read, path, **how):
        result = read(path, **how)
        for line in result.in_words():
            self.stdout.write(line)
        return result
