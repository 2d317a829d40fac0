"""`manage.py backup FILE`: the whole site in one file."""

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from core.backup import BackupError, writing


class Command(BaseCommand):
    """Writes every row and every file as they stand at one moment; the site may go on working."""

    help = "Write every row and every file to FILE, which must not be there yet."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        try:
            manifest = writing.write(file)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{file} holds {rows:,} rows of {len(manifest['tables'])} tables "
            f"and {len(manifest['files']):,} files. It is readable by you alone: keep it so."
        )
