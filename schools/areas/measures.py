"""Load what is measured of small areas: one measure in one edition, from a table of areas."""

import io
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from core import audit
from core.uploads import NotReadable, open_table
from schools.areas import opening
from schools.areas.opening import Refused
from schools.areas.schools import recompute
from schools.models import AreaEdition, AreaMeasure, Geography, SchoolArea
from schools.models.area import area_number

GEOGRAPHIES = (Geography.LSOA21, Geography.LSOA11, Geography.MSOA11)
CODES = {
    Geography.LSOA21: re.compile(r"([EW]01|S01|N2[0-9])\d+"),
    Geography.LSOA11: re.compile(r"([EW]01|S01)\d+"),
    Geography.MSOA11: re.compile(r"([EW]02|S02)\d+"),
}
AREA = re.compile(r"[EWSN]\d{8}")
KINDS = {
    "rank": ("rank",),
    "decile": ("decile",),
    "quintile": ("quintile",),
    "value": ("score", "rate", "value"),
}
FIGURES = {"rank", "decile", "quintile"}
MOST = {"decile": 10, "quintile": 5}
NO_FIGURE = {"", "na", "n/a", "-", "..", "null", "not available", "not applicable"}
NO_FIGURE |= {"z", "c", "x", "u", ":", "*", "low", "supp"}  # the marks of official statistics
VINTAGE = (
    "{} has its areas under “{}”, but --geography says {}. The same code can mean either: say the "
    "geography that the figures were published for."
)
COPY = "COPY schools_areavalue (edition_id, area, rank, decile, quintile, value) FROM STDIN"
NO_AREAS = (
    "{} has no column with codes of {} areas, such as {}. Name the column: --columns area=HEADING."
)
EXAMPLES = {
    Geography.LSOA21: "E01000001",
    Geography.LSOA11: "E01000001",
    Geography.MSOA11: "E02000001",
}


@dataclass
class MeasureResult:
    """What came of a table of areas."""

    edition: AreaEdition
    same_file: bool = False
    schools: int = 0
    columns: dict = field(default_factory=dict)

    def in_words(self):
        """Yield what came of it, a line at a time."""
        edition = self.edition
        if self.same_file:
            yield f"{edition} is loaded from this very file. Nothing to do."
            return
        yield f"{edition} ({edition.get_geography_display()}) from {edition.file_name}"
        yield "Read: " + ", ".join(f"{kind} from “{name}”" for kind, name in self.columns.items())
        yield f"{edition.values.count():>9,} areas, {edition.rows:,} of them with a fifth"
        yield f"{self.schools:>9,} facts about schools' sites changed"


def load_measure(path, *, measure, edition, geography, columns=None, by=None):
    """Load one measure of the areas of a file; another load of the same edition replaces it.

    `columns` names headings for area, rank, decile, quintile, value where they are not found.
    Raises `Refused`, with a sentence for the reader, and changes nothing.
    """
    path = Path(path)
    kind = _measure(measure)
    if geography not in GEOGRAPHIES:
        raise Refused(f"“{geography}” is none of {', '.join(GEOGRAPHIES)}. Name one of them.")
    rows, found = _read(path, kind, edition, geography, columns or {})
    hashed = opening.digest(path)
    with transaction.atomic():
        row, is_new = AreaEdition.objects.select_for_update().get_or_create(
            measure=kind,
            edition=edition,
            geography=geography,
            defaults={"file_hash": "", "rows": 0, "loaded_at": timezone.now()},
        )
        if row.load_id:
            raise Refused(f"{row} is part of a postcode file. Give this one another edition.")
        if not is_new and (row.file_hash, row.columns) == (hashed, found):
            return MeasureResult(row, same_file=True)
        row.file_name, row.file_hash, row.columns = path.name[:255], hashed, found
        row.by, row.loaded_at = by, timezone.now()
        return MeasureResult(row, schools=_write(row, rows), columns=found)


class Removal(NamedTuple):
    """An edition that was taken away: of how many areas, and of how many schools' sites."""

    edition: AreaEdition
    areas: int
    schools: int

    def in_words(self):
        """Yield what went, a line at a time."""
        yield f"{self.edition} ({self.edition.get_geography_display()}) is removed"
        yield f"{self.areas:>9,} areas"
        yield f"{self.schools:>9,} facts about schools' sites"


@transaction.atomic
def remove_measure(*, measure, edition, geography, by=None):
    """Take an edition away, with its values and what schools have of it. Raises `Refused`."""
    named = {"measure__code": measure, "edition": edition, "geography": geography}
    rows = AreaEdition.objects.select_related("measure", "load").select_for_update(of=("self",))
    found = rows.filter(**named).first()
    if found is None:
        known = AreaEdition.objects.filter(load=None).in_order()
        loaded = "; ".join(f"{one} ({one.geography})" for one in known) or "none"
        raise Refused(f"{measure} {edition} on {geography} is not loaded. Loaded are: {loaded}.")
    if found.load_id:
        raise Refused(
            f"{found} came with {found.load.file_name}, and goes when another file of postcodes "
            "takes its place. Load that one."
        )
    schools, _ = SchoolArea.objects.filter(edition=found).delete()
    areas, _ = found.values.all().delete()
    counts = {"areas": areas, "schools": schools}
    audit.record("area_measure.removed", found, by=by, changes=counts)
    AreaEdition.objects.filter(pk=found.pk).delete()
    return Removal(found, **counts)


def _measure(code):
    measure = AreaMeasure.objects.in_use().filter(code=code).first()
    if measure is None:
        known = ", ".join(AreaMeasure.objects.in_use().values_list("code", flat=True))
        raise Refused(f"There is no measure “{code}”. Known are {known}.")
    return measure


def _write(edition, rows):
    edition.values.all().delete()
    lines = ["\t".join(_texts(edition.pk, area, *row)) for area, row in sorted(rows.items())]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(COPY, io.StringIO("\n".join(lines) + "\n"))
        cursor.execute("ANALYZE schools_areavalue")
    edition.rows = sum(row[2] is not None for row in rows.values())
    edition.save()
    audit.record("area_measure.loaded", edition, by=edition.by, changes={"rows": edition.rows})
    return recompute()


def _texts(*values):
    return [r"\N" if value is None else str(value) for value in values]


def _read(path, measure, edition, geography, columns):
    """Return {area: (rank, decile, quintile, value)}, and which heading each was read from."""
    try:
        table = open_table(
            io.BytesIO(_bytes(path)),
            path.name,
            fits=partial(_has_figures, path, columns, measure, edition),
        )
        read = list(table)
    except NotReadable as refusal:
        raise Refused(f"{path.name} cannot be loaded. {refusal}") from refusal
    places = _places(path, table.headings, columns, measure, edition)
    if "area" not in places:
        places["area"] = _area_place(path, table.headings, read, geography)
    if not places.keys() & FIGURES:
        raise Refused(
            f"{path.name} has no rank, decile or quintile of {measure}: its columns are "
            f"{', '.join(table.headings[:20])}. Name one: --columns rank=HEADING."
        )
    cells = _cells(path, read, places)
    return _ranked(cells), {kind: table.headings[place] for kind, place in places.items()}


def _has_figures(path, columns, measure, edition, headings):
    """Whether a sheet holds the measure: its publishers put one of notes before it."""
    try:
        return bool(_places(path, headings, columns, measure, edition).keys() & FIGURES)
    except Refused:
        return False


def _bytes(path):
    with opening.opened(path) as members:
        if len(members) == 1:
            with members[0].open() as file:
                return file.read()
    return path.read_bytes()


def _places(path, headings, columns, measure, edition):
    """Where each kind of figure stands, by what was named or else by its heading."""
    places, keys = {}, [_key(heading) for heading in headings]
    for kind, heading in columns.items():
        if _key(heading) not in keys:
            raise Refused(f"{path.name} has no column “{heading}”. Check the heading.")
        places[kind] = keys.index(_key(heading))
    if set(columns) - {"area"}:
        return places
    for kind, words in KINDS.items():
        found = [place for place, key in enumerate(keys) if _is_of(key, measure, words)]
        dated = [place for place in found if _key(edition)[:4] in keys[place]]
        if len(found) > 1 and len(dated) != 1:
            names = ", ".join(headings[place] for place in found)
            raise Refused(
                f"{path.name} has several columns that may be the {kind}: {names}. "
                f"Name the one that is meant: --columns {kind}=HEADING."
            )
        if found:
            places[kind] = (dated or found)[0]
    return places


def _key(heading):
    return re.sub("[^a-z0-9]", "", heading.lower())


def _is_of(key, measure, words):
    parts = measure.code.split("_")
    is_it = all(part in key for part in parts) or _key(measure.name) in key
    return is_it and any(word in key for word in words)


def _area_place(path, headings, rows, geography):
    """The column whose cells are codes of such areas; that of the right year where several are."""
    fits, year = CODES[geography], geography[-2:]
    cells = rows[0][1] if rows else ()
    found = [place for place, cell in enumerate(cells) if fits.fullmatch(str(cell).strip())]
    if not found:
        name = Geography(geography).label
        raise Refused(NO_AREAS.format(path.name, name, EXAMPLES[geography]))
    other = {"11": "21", "21": "11"}[year]
    fitting = [place for place in found if other not in headings[place] or year in headings[place]]
    if not fitting:
        label = Geography(geography).label
        raise Refused(VINTAGE.format(path.name, headings[found[0]], label))
    return next((place for place in fitting if year in headings[place]), fitting[0])


def _cells(path, rows, places):
    """Return {area: {kind: number}}; the same area twice has to say the same."""
    found = {}
    for number, cells in rows:
        if _is_note(cells, places):
            continue
        try:
            area = area_number(str(cells[places["area"]]).strip())
            values = {kind: _number(cells[places[kind]], kind) for kind in KINDS if kind in places}
        except (ValidationError, ValueError) as error:
            said = error.messages[0] if isinstance(error, ValidationError) else str(error)
            raise Refused(f"Row {number:,} of {path.name}: {said} Correct the row.") from error
        if area is None:
            raise Refused(f"Row {number:,} of {path.name} names no area. Correct the row.")
        if found.setdefault(area, values) != values:
            raise Refused(
                f"Row {number:,} of {path.name} says something else of {cells[places['area']]} "
                "than a row before it. Keep one of them."
            )
    if not found:
        raise Refused(f"{path.name} has a header and no rows. Download it again.")
    return found


def _is_note(cells, places):
    """Whether a row is one of the remarks that stand beneath a table: no area and no figure."""
    words = {kind: str(cells[place]).strip() for kind, place in places.items()}
    return not AREA.fullmatch(words.pop("area")) and not any(words.values())


def _number(cell, kind):
    text = str(cell).strip().replace(",", "").rstrip("%")
    if text.lower() in NO_FIGURE:
        return None
    try:
        found = float(text)
    except ValueError:
        raise ValueError(f"“{text[:20]}” is no number.") from None
    if kind in FIGURES and not (found.is_integer() and 1 <= found <= MOST.get(kind, 1_000_000)):
        raise ValueError(f"“{text[:20]}” is no {kind}.")
    return found


def _ranked(cells):
    """Fifths and tenths: those of the file, or ceil(rank x 10 / N) with N of this edition."""
    ranks = [values["rank"] for values in cells.values() if values.get("rank")]
    most = max([len(ranks), *ranks]) if ranks else 0
    made = {}
    for area, values in cells.items():
        rank, decile, quintile = (_whole(values.get(kind)) for kind in list(KINDS)[:3])
        if decile is None and rank:
            decile = -(-rank * 10 // int(most))
        if quintile is None and decile:
            quintile = -(-rank * 5 // int(most)) if rank else -(-decile // 2)
        made[area] = (rank, decile, quintile, values.get("value"))
    return made


def _whole(number):
    return None if number is None else int(number)
