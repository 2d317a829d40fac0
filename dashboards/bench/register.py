"""The register import beside the least that the database could do, in the same minute."""

# ruff: noqa: S608  the statements are put together from column numbers alone

import statistics
import tempfile
from pathlib import Path

from django.db import connection

from dashboards.bench import national
from dashboards.bench.scratch import apart
from schools import register
from schools.register.reading import RegisterFile
from schools.register.unpacking import read_bytes

TIMES = 3
MOST_TIMES_FLOOR = 2.5
SECONDS = {"first load": 4, "same file": 0.1, "unchanged": 0.4, "2% changed": 0.7}
EMPTY = """
    TRUNCATE schools_school, schools_establishment, schools_registercode, schools_registerrun,
    schools_registerchange CASCADE
"""


def run(write, *, rows=national.ROWS, file=None):
    """Time the floors and the four imports in turn; `write` takes a line of the table at a time."""
    with tempfile.TemporaryDirectory(prefix="footbridge-bench-") as place:
        made = apart(_prepare, Path(place), rows, file)
        about, plain, other = made.answer
        write(f"register: {about}; file made in {made.seconds:.0f} s")
        write(f"  medians of {TIMES}, floors and import in turn; memory of one process in all")
        write(f"  {'':<22}{'s':>8}  target  {'× COPY':>13}  {'× typed floor':>18}  MB  statements")
        _report(write, "first load", [_first(plain) for _ in range(TIMES)])
        _report(write, "same file", [_again(plain, plain) for _ in range(TIMES)])
        for name, files in other.items():
            _report(write, name, [_again(plain, path) for path in files])


def _prepare(place, rows, file):
    """Write the files; return what they are, the plain one, and those of the other cases."""
    data = read_bytes(file)[1] if file else national.extract(rows)
    changed = national.altered(data)
    read = RegisterFile("register.csv", data)
    rows = sum(1 for _ in read.records())

    def write(name, content, ends):
        path = place / name
        path.write_bytes(content + b"\r\n" * ends)
        return path

    plain = write("plain.csv", data, 0)
    unchanged = [write(f"unchanged{turn}.csv", data, 1 + turn) for turn in range(TIMES)]
    turns = [(data, changed)[turn % 2 == 0] for turn in range(TIMES)]
    altered = [write(f"changed{turn}.csv", turns[turn], 9 + turn) for turn in range(TIMES)]
    about = f"{rows:,} rows, {len(data) / 1e6:.0f} MB, {len(read.header)} columns"
    return about, plain, {"unchanged": unchanged, "2% changed": altered}


def _first(path):
    apart(_empty)
    return apart(_copy, path), apart(_typed, path), apart(_import, path)


def _again(plain, path):
    return apart(_copy, plain), None, apart(_import, path)


def _report(write, name, turns):
    copy, typed, ours = (
        statistics.median([part.seconds for part in parts]) if all(parts) else None
        for parts in zip(*turns, strict=True)
    )
    last = turns[-1][2]
    peak = max(turn[2].peak for turn in turns)
    if typed:
        write(f"  {'raw COPY':<22}{copy:>8.3f}")
        write(f"  {'COPY and plain insert':<22}{typed:>8.3f}  (typed floor)")
    seconds = f"{ours:>8.3f}  {SECONDS[name]:>4} {verdict(ours, SECONDS[name])}"
    times = (
        f"{ours / typed:.2f} ({MOST_TIMES_FLOOR} {verdict(ours / typed, MOST_TIMES_FLOOR)})"
        if typed
        else ""
    )
    write(
        f"  {name:<22}{seconds:<17}{ours / copy:>12.2f}  {times:>18}"
        f"{peak:>5.0f}{last.statements:>8}"
    )


def verdict(figure, most):
    """Whether a figure is within its target."""
    return "ok" if figure <= most else "over"


def _empty():
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


def _import(path):
    register.import_file(path)


def _copy(path):
    """Copy the whole file as text into a table without an index."""
    with connection.cursor() as cursor:
        _copy_into(cursor, path)
        cursor.execute("DROP TABLE bench_floor")


def _typed(path):
    """Copy the file, then insert the same columns once into a logged table with a key."""
    with connection.cursor() as cursor:
        columns = ", ".join(_copy_into(cursor, path))
        cursor.execute("CREATE TABLE bench_typed (LIKE bench_floor)")
        cursor.execute("ALTER TABLE bench_typed ADD id bigint GENERATED ALWAYS AS IDENTITY")
        cursor.execute("ALTER TABLE bench_typed ADD PRIMARY KEY (id)")
        cursor.execute(f"INSERT INTO bench_typed ({columns}) SELECT {columns} FROM bench_floor")
        cursor.execute("DROP TABLE bench_floor, bench_typed")


def _copy_into(cursor, path):
    with path.open("rb") as file:
        start = file.readline()
        columns = [f"c{place}" for place in range(len(RegisterFile("start", start).header))]
        cursor.execute(
            f"CREATE UNLOGGED TABLE bench_floor ({', '.join(f'{c} text' for c in columns)})"
        )
        file.seek(0)
        # Every byte is a character of LATIN1, and it costs what WIN1252 costs.
        statement = (
            "COPY bench_floor FROM STDIN (FORMAT csv, HEADER, ENCODING 'LATIN1', FORCE_NULL *)"
        )
        cursor.copy_expert(statement, file)
    return columns
