"""The register import against the raw COPY of the same file, in the same minute."""

import csv
import io
import statistics
import time
from random import Random

from django.db import connection

from schools import register

ROWS = 52_500
CHANGED_SHARE = 0.02
WORDS = ["North", "Weir", "St Hilda’s", "Aldby", "Marsh", "Oswin", "Holm", "Garth", "Penhallow"]
TIMES = 3
# Most columns of the real file say this, or a code as long.
FILLING = "9999"


def national_file(rows=ROWS, *, changed=False):
    """Return an invented extract of national size, cp1252 bytes; `changed` alters 2% of it."""
    random = Random(7)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(register.HEADER)
    step = round(1 / CHANGED_SHARE)
    for number in range(rows):
        values = _row(number, random)
        if changed and number % step == 0:
            values["NumberOfPupils"] = str(int(values["NumberOfPupils"]) + 1)
        writer.writerow([values.get(name, FILLING) for name in register.HEADER])
    return text.getvalue().encode("cp1252")


def _row(number, random):
    names = random.choices(WORDS, k=3)
    authority = 800 + number % 150
    return {
        "URN": str(100_000 + number),
        "LA (code)": str(authority),
        "LA (name)": f"Authority {authority}",
        "EstablishmentNumber": str(2000 + number % 8000),
        "EstablishmentName": f"{' '.join(names)} School {number}",
        "TypeOfEstablishment (code)": "34",
        "TypeOfEstablishment (name)": "Academy converter",
        "EstablishmentStatus (code)": "12"[number % 2],
        "EstablishmentStatus (name)": ["Open", "Closed"][number % 2],
        "OpenDate": "01-09-2011",
        "PhaseOfEducation (code)": "4",
        "PhaseOfEducation (name)": "Secondary",
        "StatutoryLowAge": "11",
        "StatutoryHighAge": "18",
        "NumberOfPupils": str(random.randrange(90, 1500)),
        "PercentageFSM": f"{random.randrange(600) / 10:.1f}",
        "UKPRN": str(10_000_000 + number),
        "Street": f"{number % 200} {names[0]} Lane",
        "Town": names[1],
        "Postcode": f"ZZ{number % 90 + 1} {number % 10}AA",
        "SchoolWebsite": f"http://www.school{number}.example",
        "TelephoneNum": f"01632 {number:06d}",
        "Easting": str(400_000 + number),
        "Northing": str(300_000 + number),
        "AdministrativeWard (code)": f"E05{number % 7000:06d}",
        "AdministrativeWard (name)": f"Ward {number % 7000}",
        "LSOA (code)": f"E01{number % 32000:06d}",
        "MSOA (code)": f"E02{number % 6700:06d}",
        "LastChangedDate": "12-10-2026",
    }


def run(write, *, rows=ROWS):
    """Time the floor and the four imports; `write` takes one line of the table at a time."""
    data = national_file(rows)
    write(f"register: {rows:,} rows, {len(data) / 1e6:.0f} MB, {len(register.HEADER)} columns")
    floors = [_seconds(_floor, data) for _ in range(TIMES)]
    floor = statistics.median(floors)
    write(f"  {'raw COPY of the file':<28}{floor:>8.3f} s  (floor)")
    _report(write, "first load", [_seconds(_import, data)], floor)
    _report(write, "same file", [_seconds(_import, data) for _ in range(TIMES)], floor)
    other = [data + b"\r\n" * (1 + turn) for turn in range(TIMES)]
    _report(write, "unchanged", [_seconds(_import, file) for file in other], floor)
    changed = national_file(rows, changed=True)
    turns = [changed, data + b"\r\n" * 7, changed + b"\r\n"]
    _report(write, "2% changed", [_seconds(_import, file) for file in turns], floor)


def _report(write, name, seconds, floor):
    median = statistics.median(seconds)
    write(f"  {name:<28}{median:>8.3f} s  {median / floor:>6.2f} × floor")


def _seconds(work, data):
    started = time.perf_counter()
    work(data)
    return time.perf_counter() - started


def _import(data):
    register.import_file(io.BytesIO(data))


def _floor(data):
    """Copy the whole file as text into a table without an index, and drop it."""
    columns = [f"c{place}" for place in range(len(register.HEADER))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE UNLOGGED TABLE bench_floor ({', '.join(f'{c} text' for c in columns)})"
        )
        cursor.copy_expert(
            "COPY bench_floor FROM STDIN (FORMAT csv, HEADER, ENCODING 'WIN1252')", io.BytesIO(data)
        )
        cursor.execute("DROP TABLE bench_floor")
