"""The register import beside the least that the database could do, in the same minute."""

# ruff: noqa: S608  the statements are put together from column numbers alone

import re
import statistics
import tempfile
from pathlib import Path

from django.db import connection, transaction

from dashboards.bench import national, peer
from dashboards.bench.scratch import apart
from schools import register
from schools.register.reading import RegisterFile
from schools.register.unpacking import read_bytes

TIMES = 3
MOST_TIMES_FLOOR = 2.5
SECONDS = {"first load": 4, "same file": 0.1, "unchanged": 0.4, "2% changed": 0.7}
LEAST_TIMES_PEER = 50
ABOUT = [
    f"medians of {TIMES}, floors and import in turn; memory of one process in all",
    "raw COPY: the file as text into an unlogged table without a key",
    "and plain insert: then once more, as text, into a logged table with a key",
    "floor: raw COPY, then the finished rows of the register, ready in binary, into logged twins",
    "of our two tables, then their keys and indexes; nothing is typed, compared or worked out",
]
TABLES = ["schools_school", "schools_establishment"]
INDEXES = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
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
        for line in ABOUT:
            write(f"  {line}")
        write(f"  {'':<22}{'s':>8}  target  {'× COPY':>13}  {'× floor':>18}  MB  statements")
        apart(_finish, plain, Path(place))
        _report(write, "first load", [_first(plain, Path(place)) for _ in range(TIMES)])
        _report(write, "same file", [_again(plain, plain) for _ in range(TIMES)])
        for name, files in other.items():
            _report(write, name, [_again(plain, path) for path in files])
        _beside_the_peer(write, plain, other["2% changed"][0])


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


def _first(path, place):
    apart(_empty)
    return apart(_copy, path), apart(_plain, path), apart(_floor, path, place), apart(_import, path)


def _again(plain, path):
    return apart(_copy, plain), None, None, apart(_import, path)


def _report(write, name, turns):
    copy, plain, floor, ours = (
        statistics.median([part.seconds for part in parts]) if all(parts) else None
        for parts in zip(*turns, strict=True)
    )
    last = turns[-1][-1]
    peak = max(turn[-1].peak for turn in turns)
    times = ""
    if floor:
        write(f"  {'raw COPY':<22}{copy:>8.3f}")
        write(f"  {'and plain insert':<22}{plain:>8.3f}{'':>10}{plain / copy:>12.2f}")
        write(f"  {'floor':<22}{floor:>8.3f}{'':>10}{floor / copy:>12.2f}")
        times = f"{ours / floor:.2f} ({MOST_TIMES_FLOOR} {verdict(ours / floor, MOST_TIMES_FLOOR)})"
    seconds = f"{ours:>8.3f}  {SECONDS[name]:>4} {verdict(ours, SECONDS[name])}"
    write(
        f"  {name:<22}{seconds:<17}{ours / copy:>12.2f}  {times:>18}"
        f"{peak:>5.0f}{last.statements:>8}"
    )


def _beside_the_peer(write, plain, changed):
    """Update the same rows by both, ours the median of some; the register stands at `plain`."""
    write(f"  peer: {peer.about()}")
    ours = statistics.median(_updated(plain, changed, _import).seconds for _ in range(TIMES))
    our_sum = apart(peer.checksum).answer
    done = _updated(plain, changed, peer.update)
    their_sum = apart(peer.checksum).answer
    times = f"{done.seconds / ours:.0f} times ({LEAST_TIMES_PEER} {_reached(done.seconds / ours)})"
    beside = f"the peer {done.seconds:.1f} s ({done.peak:.0f} MB)"
    write(f"  the 2% changed, over all rows: {ours:.2f} s, {beside}: {times}")
    same = "the same" if our_sum == their_sum else "NOT the same"
    write(f"  {done.answer:,} rows updated; checksums {our_sum} and {their_sum}: {same}")


def _updated(plain, changed, work):
    apart(_import, plain)
    return apart(work, changed)


def _reached(times):
    return "ok" if times >= LEAST_TIMES_PEER else "under"


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


def _plain(path):
    """Copy the file, then insert the same text once into a logged table with a key."""
    with connection.cursor() as cursor:
        columns = ", ".join(_copy_into(cursor, path))
        cursor.execute("CREATE TABLE bench_plain (LIKE bench_floor)")
        cursor.execute("ALTER TABLE bench_plain ADD id bigint GENERATED ALWAYS AS IDENTITY")
        cursor.execute("ALTER TABLE bench_plain ADD PRIMARY KEY (id)")
        cursor.execute(f"INSERT INTO bench_plain ({columns}) SELECT {columns} FROM bench_floor")
        cursor.execute("DROP TABLE bench_floor, bench_plain")


def _finish(path, place):
    """Load the register once, and keep its finished rows as files that a COPY reads quickest."""
    _empty()
    register.import_file(path)
    with connection.cursor() as cursor:
        for table in TABLES:
            with (place / table).open("wb") as file:
                cursor.copy_expert(
                    f"COPY {table} ({_columns(cursor, table)}) TO STDOUT (FORMAT binary)", file
                )


def _floor(path, place):
    """Copy the file, then its finished rows into twins of our tables, keys and indexes last."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '128MB'")
        cursor.execute("SET LOCAL min_parallel_table_scan_size = 0")
        _copy_into(cursor, path)
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING GENERATED)")
            columns = _columns(cursor, table)
            with (place / table).open("rb") as file:
                cursor.copy_expert(
                    f"COPY bench_{table} ({columns}) FROM STDIN (FORMAT binary)", file, 1 << 20
                )
            cursor.execute(INDEXES, [table])
            for (index,) in cursor.fetchall():
                cursor.execute(re.sub(r"INDEX \S+ ON \S+\.", "INDEX ON bench_", index))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_floor, " + ", ".join(f"bench_{t}" for t in TABLES))


def _columns(cursor, table):
    cursor.execute(COLUMNS, [table])
    return cursor.fetchone()[0]


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
