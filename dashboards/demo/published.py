"""Invented files in the layouts of what is published beside the register: areas, trusts, links."""

import csv
import io
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from dashboards.demo import changes, extract
from schools.areas import load_measure, load_postcodes
from schools.groups import import_groups
from schools.lineage import import_links
from schools.register import import_file

AREAS = 60
EDITION = "2026"


class Published(io.BytesIO):
    """A file in memory that has a name, as an upload has."""

    def __init__(self, name, header, rows, encoding="cp1252"):
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
        super().__init__(text.getvalue().encode(encoding))
        self.name = name

    def put_into(self, folder):
        """Write the file into a folder; returns its path."""
        path = Path(folder) / self.name
        path.write_bytes(self.getvalue())
        return path


def links_file(changed):
    """Which school follows which: `changed` has (old URN, new URN, kind of succession, day)."""
    header = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
    names = {row["URN"]: row["EstablishmentName"] for row in extract.schools()}
    rows = []
    for old, new, how, day in changed:
        rows.append([old, new, names.get(new, ""), f"Successor{how}", f"{day:%d-%m-%Y}"])
        rows.append([new, old, names.get(old, ""), f"Predecessor{how}", f"{day:%d-%m-%Y}"])
    return Published("links_edubasealldata.csv", header, rows)


def groups_file():
    """The trusts that the invented academies belong to."""
    header = "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type"
    header += ",Group Status (code),Group Status,Group Contact Town,UKPRN,Open date"
    kind = ["06", "Multi-academy trust", "1", "Open"]
    rows = [
        [uid, f"TR{uid}", name, f"0{uid}00", *kind, town, 10_980_000 + int(uid), "01-09-2013"]
        for (uid, name), town in zip(extract.TRUSTS[:2], ("Saltmere", "Wexborough"), strict=True)
    ]
    return Published("groups.csv", header.split(","), rows)


def areas():
    """The codes of the invented small areas."""
    return [f"E0199{number:04d}" for number in range(AREAS)]


def area_file(measure):
    """Ranks and fifths of the small areas in one measure; each measure has an order of its own."""
    random = Random(f"areas {measure}")
    ranks = list(range(1, AREAS + 1))
    random.shuffle(ranks)
    rows = [
        [area, rank, -(-rank * 10 // AREAS), -(-rank * 5 // AREAS)]
        for area, rank in zip(areas(), ranks, strict=True)
    ]
    header = ["LSOA code", *(f"{measure} {kind}" for kind in ("rank", "decile", "quintile"))]
    return Published(f"{measure}.csv", header, rows, "utf-8-sig")


def postcodes_file():
    """The schools' own postcodes and a few more around them, in the layout of the OfS."""
    header = "Postcode,POLAR4_quintile,Reason_removed_POLAR,TUNDRA_MSOA_quintile"
    header += ",Reason_removed_TUNDRA_MSOA,TUNDRA_LSOA_quintile,Reason_removed_TUNDRA_LSOA"
    header += ",Uni_Connect_target_ward,Postcode_status,LSOA_TUNDRA,Country"
    random = Random("postcodes")
    rows = []
    for place, code in enumerate(sorted(_postcodes())):
        fifths = [random.randrange(1, 6), "", random.randrange(1, 6), ""]
        fifths += [random.randrange(1, 6), ""]
        if place % 40 == 0:
            fifths = ["", "Postcode unsafe for measurement"] * 3
        status = "Terminated" if place % 25 == 1 else "Live"
        ward = "1" if place % 7 < 2 else ""
        rows.append([code, *fifths, ward, status, areas()[place % AREAS], "England"])
    return Published("invented_postcodes.csv", header.split(","), rows, "utf-8")


def _postcodes():
    own = {row["Postcode"] for row in extract.schools()}
    return own | {f"ZZ{place % 9 + 1} {place % 10}XY" for place in range(90)}


def tell_areas(by):
    """Load what is known of postcodes and small areas."""
    with TemporaryDirectory() as folder:
        path = postcodes_file().put_into(folder)
        load_postcodes(path, edition=EDITION, by=by)
        for measure, edition in (("imd", "2025"), ("idaci", "2025")):
            path = area_file(measure).put_into(folder)
            load_measure(path, measure=measure, edition=edition, geography="lsoa21", by=by)


def tell_changes(world):
    """Bring in the next register: schools close, convert, move trust and are renamed."""
    day = world.as_at.replace(day=1)
    import_groups(groups_file(), by=world.admin)
    import_links(links_file(changes.successions(day)), by=world.admin)
    later = extract.as_file(changes.rows_on(day))
    later.name = f"edubasealldata{day:%Y%m%d}.csv"
    import_file(later, by=world.admin)
