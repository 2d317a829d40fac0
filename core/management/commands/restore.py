"""`manage.py restore FILE`: make the site what it was when the backup was written."""

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from core.backup import BackupError, restoring


class Command(BaseCommand):
    """Puts back every row and file of a backup, or changes nothing."""

    help = "Put back every row and file of a backup. Stop the web server and the workers first."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument(
            "--replace", action="store_true", help="Lose the rows and files that are there now."
        )

    def handle(self, *, file, replace, **options):
        try:
            manifest = restoring.restore(file, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Restored {rows:,} rows and {len(manifest['files']):,} files "
            f"as they were at {manifest['made_at']}. Everybody signs in again."
        )
