"""Load a file of postcodes: all of it or nothing, beside what the other kind of file says."""

# ruff: noqa: S608  the statements are put together from our own column names only

from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.utils import timezone

from core import audit
from schools.areas import opening, swapping
from schools.areas.layouts import FIFTHS, OFS, ONS, Layout
from schools.areas.opening import Refused
from schools.areas.rows import Stream
from schools.areas.schools import recompute
from schools.models import AreaEdition, AreaMeasure, AreaReason, Postcode, PostcodeLoad

LOCK = 20_612_002
LEAST_SHARE = 0.9
WHOLE = 2_000_000
BIT = {OFS: Postcode.OFS, ONS: Postcode.ONS}
OTHER = {OFS: Postcode.ONS, ONS: Postcode.OFS}
OFS_ALONE = {*FIFTHS, "target_ward"}
COLUMNS = [one.column for one in Postcode._meta.concrete_fields]
# The form of one in 64 is looked at: what is wrong in a file is so on every line.
STRANGE = (
    "length(code) NOT BETWEEN 5 AND 7 OR (hashtext(code) & 63 = 0 "
    "AND code !~ '^([A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|GIR0AA)$')"
)


@dataclass
class LoadResult:
    """What came of a file of postcodes."""

    load: PostcodeLoad
    same_file: bool = False
    in_table: int = 0
    notices: list = field(default_factory=list)

    def in_words(self):
        """Yield what came of it, a line at a time."""
        load = self.load
        if self.same_file:
            yield f"Same file as the last one of its kind ({load}). Nothing to do."
            return
        yield f"{load.file_name}: {load}"
        yield f"{load.rows:>11,} postcodes, {load.terminated:,} of them no longer in use"
        yield f"{self.in_table:>11,} postcodes in the table"
        for edition in load.editions.in_order():
            yield f"{edition.rows:>11,} with a fifth by {edition.measure}"
        if load.target_wards:
            yield f"{load.target_wards:>11,} in a target ward of Uni Connect"
        yield from self.notices


def load_postcodes(path, *, edition="", by=None, force_reason=""):
    """Load an OfS postcode file or an ONS directory; each keeps what the other has filled.

    Raises `Refused`, with a sentence for the reader, and leaves the table as it was.
    """
    path, started_at = Path(path), timezone.now()
    with opening.opened(path) as members:
        fitting = _fitting(path, members)
        edition = edition or opening.edition_in(path.name) or opening.edition_in(fitting[0].name)
        if not edition:
            raise Refused(f"{path.name} does not tell its edition. Name it: --edition 2025-11.")
        layout = Layout(fitting[0].name, opening.header(fitting[0]), _known_reasons())
        load = PostcodeLoad(layout=layout.kind, edition=edition, started_at=started_at, by=by)
        load.file_name, load.forced_reason = path.name[:255], force_reason
        load.file_hash = opening.digest(path)
        last = PostcodeLoad.objects.filter(layout=layout.kind).first()
        if _is_same(last, load, layout):
            return LoadResult(last, same_file=True)
        with transaction.atomic(), connection.cursor() as cursor:
            return _load(cursor, load, last, layout, fitting)


def _is_same(last, load, layout):
    """Whether the newest of its kind came from this very file, and all of it was read."""
    if not last or (last.file_hash, last.edition) != (load.file_hash, load.edition):
        return False
    return last.target_wards is not None or "target_ward" not in layout.places


def _fitting(path, members):
    """The members that are tables of postcodes; parts of a whole only where it is not there."""
    found, refusal = [], None
    for member in members:
        try:
            Layout(member.name, opening.header(member))
            found.append(member)
        except Refused as refused:
            refusal = refused
    whole = [member for member in found if opening.PARTS not in member.name.lower()]
    if not found:
        raise refusal or Refused(f"{path.name} holds no CSV file. Download it again.")
    return whole or found


def _load(cursor, load, last, layout, members):
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
    if not cursor.fetchone()[0]:
        raise Refused("Another file of postcodes is being loaded. Wait until it has ended.")
    table = swapping.Table(cursor)
    has_other = PostcodeLoad.objects.exclude(layout=layout.kind).exists()
    target = _staged(cursor) if has_other else table.name
    load.rows = _copy(cursor, target, layout, members)
    _check_size(load, last)
    if target != table.name:
        _merge(cursor, table.name, layout)
    _index(table, load)
    _keep_reasons(layout)
    in_table = _settle(cursor, load, table.name, layout)
    recompute(postcodes=table.name)
    audit.record("postcodes.loaded", load, by=load.by, changes={"rows": load.rows})
    table.take_place()
    return LoadResult(load, in_table=in_table, notices=list(_notices(load, layout)))


def _staged(cursor):
    cursor.execute("DROP TABLE IF EXISTS pg_temp.postcode_stage")
    cursor.execute(f"CREATE TEMP TABLE postcode_stage (LIKE {swapping.TABLE}) ON COMMIT DROP")
    return "postcode_stage"


def _known_reasons():
    return dict(AreaReason.objects.values_list("words", "number"))


def _copy(cursor, target, layout, members):
    columns = ", ".join(layout.fields)
    cursor.execute(f"ALTER TABLE {target} ALTER sources SET DEFAULT {BIT[layout.kind]}")
    with Stream(layout, members) as stream:
        try:
            with connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {target} ({columns}) FROM STDIN", stream)
        except DatabaseError as error:
            raise _refusal(stream, members, error) from error
    rows = cursor.rowcount
    cursor.execute(f"ALTER TABLE {target} ALTER sources DROP DEFAULT")
    return rows


def _refusal(stream, members, error):
    """What to say of a COPY that failed: the fault found while the lines were made, or its own."""
    if stream.error or not isinstance(error, DataError):
        return stream.error or error
    said = str(error).splitlines()
    return Refused(
        f"{members[0].name} has a cell that cannot be used ({said[0]}; {said[-1][:80]}). "
        "Download it again."
    )


def _check_size(load, last):
    if load.rows == 0:
        raise Refused(f"{load.file_name} has a header and no rows. Download it again.")
    if last and load.rows < last.rows * LEAST_SHARE and not load.forced_reason:
        raise Refused(
            f"{load.file_name} has {load.rows:,} postcodes; the last file of its kind had "
            f"{last.rows:,}. It looks incomplete. Download it again; if it is meant to be so "
            "small, load it with --force and --reason."
        )


def _merge(cursor, name, layout):
    """Fill the new table from the staged file and from what the other kind of file says."""
    expressions = {column: _merged(column, layout) for column in COLUMNS}
    cursor.execute("SET LOCAL work_mem = '256MB'")
    cursor.execute("ANALYZE postcode_stage (code)")
    cursor.execute(
        f"""
        INSERT INTO {name} ({", ".join(expressions)}) SELECT {", ".join(expressions.values())}
        FROM postcode_stage new
        FULL JOIN (SELECT * FROM {swapping.TABLE} WHERE sources & {OTHER[layout.kind]} > 0) old
        ON old.code = new.code
        """
    )


def _merged(column, layout):
    """What a column becomes: each kind of file fills its own, and the directory speaks first."""
    is_ons = layout.kind == ONS
    if column == "code":
        return "coalesce(new.code, old.code)"
    if column == "sources":
        others = OTHER[layout.kind]
        return f"coalesce(new.sources, 0) | (coalesce(old.sources, 0) & {others})"
    if column in ("lsoa11", "msoa11", "country", "terminated"):
        is_first = is_ons and (column != "terminated" or "doterm" in layout.places)
        first, second = ("new", "old") if is_first else ("old", "new")
        return f"coalesce({first}.{column}, {second}.{column})"
    return f"{'old' if is_ons is (column in OFS_ALONE) else 'new'}.{column}"


def _index(table, load):
    try:
        with transaction.atomic():
            table.index()
    except IntegrityError as error:
        raise Refused(
            f"{load.file_name} has a postcode on two lines: {_detail(error)}. Download it again, "
            "or delete one of them."
        ) from error


def _detail(error):
    return str(error).rpartition("(")[2].partition(")")[0]


def _keep_reasons(layout):
    AreaReason.objects.bulk_create(
        [AreaReason(number=number, words=words) for words, number in layout.reasons.items()],
        ignore_conflicts=True,
    )


def _settle(cursor, load, name, layout):
    """Note the load, and which measures it has; returns how many postcodes there are now."""
    counts = ", ".join(f"count(*) FILTER (WHERE {column} > 0)" for column in FIFTHS)
    bit = BIT[load.layout]
    cursor.execute(
        f"SELECT count(*), count(*) FILTER (WHERE terminated > 0 AND sources & {bit} > 0), "
        f"min(code) FILTER (WHERE {STRANGE}), count(target_ward), {counts} FROM {name}"
    )
    in_table, load.terminated, strange, wards, *fifths = cursor.fetchone()
    if strange is not None:
        raise Refused(
            f"{load.file_name} has “{strange}” as a postcode. Its columns are not those of the "
            "file as published: download it again."
        )
    load.target_wards = wards if "target_ward" in layout.places else None
    load.finished_at = timezone.now()
    load.save()
    if load.layout == OFS:
        _note_editions(load, dict(zip(FIFTHS, fifths, strict=True)))
    return in_table


def _note_editions(load, found):
    AreaEdition.objects.filter(load__isnull=False).delete()
    measures = {measure.code: measure for measure in AreaMeasure.objects.filter(code__in=FIFTHS)}
    for code, rows in found.items():
        if not rows:
            continue
        AreaEdition.objects.create(
            measure=measures[code],
            edition=load.edition,
            geography=FIFTHS[code][2],
            load=load,
            file_name=load.file_name,
            file_hash=load.file_hash,
            rows=rows,
            loaded_at=load.finished_at,
            by=load.by,
        )


def _notices(load, layout):
    if layout.strange:
        yield f"Not known as a country, and left blank: {', '.join(sorted(layout.strange)[:9])}."
    if load.rows < WHOLE:
        yield (
            f"The file has {load.rows:,} postcodes; a whole file has more than {WHOLE:,}. "
            "Postcodes that are not in it will not be found."
        )
