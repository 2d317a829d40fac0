"""Measure the speed of Footbridge in a database of its own, beside the raw floor."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dashboards.bench import national, pages, register, scratch

TABLES = ("register", "pages")


class Command(BaseCommand):
    help = "Print the performance tables: what things take, the floor, and the targets."

    def add_arguments(self, parser):
        parser.add_argument("tables", nargs="*", help=f"of {' and '.join(TABLES)}; both if none")
        parser.add_argument("--rows", type=int, default=national.ROWS)
        parser.add_argument("--file", type=Path, help="a real extract instead of the invented one")

    def handle(self, *args, tables, rows, file, **options):
        if unknown := set(tables) - set(TABLES):
            raise CommandError(f"There is no table {', '.join(unknown)}.")
        if file and not file.is_file():
            raise CommandError(f"{file} is not there.")
        try:
            for name in tables or TABLES:
                with scratch.database():
                    self._print(name, rows, file)
        except KeyboardInterrupt:
            raise CommandError("Stopped. The bench's database is gone.", returncode=130) from None

    def _print(self, name, rows, file):
        if name == "register":
            register.run(self._say, rows=rows, file=file)
        else:
            pages.run(self._say, rows=rows)

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
