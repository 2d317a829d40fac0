"""Measure the speed of Footbridge in a database of its own, beside the raw floor."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dashboards.bench import areas, national, pages, register, scratch

TABLES = ("register", "areas", "pages")


class Command(BaseCommand):
    help = "Print the performance tables: what things take, the floor, and the targets."

    def add_arguments(self, parser):
        parser.add_argument("tables", nargs="*", help=f"of {', '.join(TABLES)}; all if none")
        parser.add_argument("--rows", type=int, default=national.ROWS)
        parser.add_argument("--file", type=Path, help="a real extract instead of the invented one")
        parser.add_argument("--postcodes", type=Path, help="a real file of postcodes, unpacked")

    def handle(self, *args, tables, rows, file, postcodes, **options):
        if unknown := set(tables) - set(TABLES):
            raise CommandError(f"There is no table {', '.join(unknown)}.")
        for path in filter(None, [file, postcodes]):
            if not path.is_file():
                raise CommandError(f"{path} is not there.")
        try:
            for name in tables or TABLES:
                with scratch.database():
                    self._print(name, rows, file, postcodes)
        except KeyboardInterrupt:
            raise CommandError("Stopped. The bench's database is gone.", returncode=130) from None

    def _print(self, name, rows, file, postcodes):
        if name == "register":
            register.run(self._say, rows=rows, file=file)
        elif name == "areas":
            areas.run(self._say, file=postcodes)
        else:
            pages.run(self._say, rows=rows)

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
