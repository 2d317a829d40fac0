"""Postcodes loaded and profiled, beside the least that the database could do in the same minute."""

import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from random import Random

from django.db import connection, transaction

from dashboards.bench import country
from dashboards.bench.register import verdict
from dashboards.bench.scratch import apart
from schools.areas import load_measure, load_postcodes
from schools.areas.looking import LookUp
from schools.areas.postcodes import shown
from schools.areas.profiling import profile
from schools.models import Postcode

TIMES = 3
ASKED = 100_000
MOST_LOAD, MOST_LOOK_UP, LOOK_UP_SECONDS, MOST_WAIT = 1.6, 2.5, 0.5, 100
JOIN = """
    SELECT p.code, p.tundra_lsoa FROM bench_asked asked
    CROSS JOIN LATERAL (SELECT * FROM schools_postcode p WHERE p.code = asked.code LIMIT 1) p
"""


def run(write, *, file=None):
    """Load and profile, each in turn with its floor, and print both with their ratio."""
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        path = file or place / "ofs_postcodes_2025-11.csv"
        if file is None:
            country.write(path)
        write(f"postcodes: {path.name}, {path.stat().st_size / 1e6:.0f} MB; median of {TIMES}")
        _loads(write, place, path)
        areas = country.write_measure(place / "imd.csv")
        for edition in ("2019", "2025"):
            load_measure(areas, measure="imd", edition=edition, geography="lsoa11")
        _profiles(write)
        connection.close()


def _loads(write, place, path):
    turns = [_load_beside_floor(place, path, turn) for turn in range(TIMES)]
    floor, ours, wait = (statistics.median(part) for part in zip(*turns, strict=True))
    write(f"  {'raw COPY and unique index':<32}{floor:>8.2f} s")
    ratio = f"{ours / floor:.2f} × ({MOST_LOAD} {verdict(ours / floor, MOST_LOAD)})"
    write(f"  {'postcodes loaded':<32}{ours:>8.2f} s  {ratio}")
    write(f"  longest wait of a reader {wait:>15.0f} ms ({MOST_WAIT} {verdict(wait, MOST_WAIT)})")


def _load_beside_floor(place, path, turn):
    floor = apart(_copy, path).seconds
    ended = place / f"ended{turn}"
    with ThreadPoolExecutor(1) as beside:
        reader = beside.submit(apart, _read_until, ended)
        ours = apart(_load, path, f"turn {turn}")
        ended.touch()
        return floor, ours.seconds, reader.result().answer


def _load(path, edition):
    load_postcodes(path, edition=edition)


def _read_until(ended):
    """Look one postcode up again and again; returns the longest wait, in milliseconds."""
    longest = 0
    while not ended.exists():
        started = time.perf_counter()
        Postcode.objects.filter(pk="AA11AA").exists()
        longest = max(longest, time.perf_counter() - started)
        time.sleep(0.002)
    return longest * 1000


def _copy(path):
    """Copy the whole file as text into a table of its own, and index the postcodes."""
    with path.open("rb") as file, connection.cursor() as cursor:
        columns = [f"c{place}" for place in range(file.readline().count(b",") + 1)]
        cursor.execute(f"CREATE TABLE bench_floor ({', '.join(f'{c} text' for c in columns)})")
        file.seek(0)
        cursor.copy_expert("COPY bench_floor FROM STDIN (FORMAT csv, HEADER)", file, 1 << 20)
        cursor.execute("CREATE UNIQUE INDEX ON bench_floor (c0)")
        cursor.execute("DROP TABLE bench_floor")


def _profiles(write):
    every = list(Postcode.objects.order_by("code").values_list("code", flat=True))
    asked = Random(7).sample(every, ASKED)
    turns = [(_timed(_join, asked), _timed(_look_up, asked)) for _ in range(TIMES)]
    floor, ours = (statistics.median(part) for part in zip(*turns, strict=True))
    whole = statistics.median([_timed(_profile, asked) for _ in range(TIMES)])
    write(f"  {f'{ASKED:,} joined raw':<32}{floor:>8.2f} s")
    ratio = f"{ours / floor:.2f} × ({MOST_LOOK_UP} {verdict(ours / floor, MOST_LOOK_UP)})"
    seconds = f"{LOOK_UP_SECONDS} s {verdict(ours, LOOK_UP_SECONDS)}"
    write(f"  {f'{ASKED:,} looked up':<32}{ours:>8.2f} s  {ratio}, {seconds}")
    write(f"  {f'{ASKED:,} profiled, all of it':<32}{whole:>8.2f} s")


def _timed(work, *args):
    started = time.perf_counter()
    with transaction.atomic():
        work(*args)
    return time.perf_counter() - started


def _join(asked):
    """Copy the postcodes and fetch one fifth of each: what any profile has to do."""
    with connection.cursor() as cursor:
        cursor.execute('CREATE TEMP TABLE bench_asked (code varchar(7) COLLATE "C")')
        cursor.copy_expert("COPY bench_asked FROM STDIN", StringIO("\n".join(sorted(asked))))
        cursor.execute(JOIN)
        cursor.fetchall()
        cursor.execute("DROP TABLE bench_asked")


def _look_up(asked):
    LookUp().find(asked)


def _profile(asked):
    made = profile([(row, shown(code)) for row, code in enumerate(asked, start=1)])
    return made.tables
