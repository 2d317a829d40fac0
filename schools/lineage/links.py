"""Read the DfE's file of links between schools: all of it or nothing, and only what differs."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from schools import published
from schools.lineage.joining import join_schools
from schools.models import EstablishmentLink, LoadedFile, RegisterRun
from schools.register import Refused
from schools.register.applying import hold_lock
from schools.register.conversions import read_day

COLUMNS = {
    "code": ("URN",),
    "linked_code": ("LinkURN",),
    "name": ("LinkName",),
    "type": ("LinkType",),
    "established_on": ("LinkEstablishedDate",),
}
NEEDED = ("code", "linked_code", "type")
COUNTS = ("rows", "new", "changed", "gone", "joined")
STAGED = (
    ("code", "text"),
    ("linked_code", "text"),
    ("type", "text"),
    ("established_on", "date"),
    ("name", "text"),
)
PUT = """
    WITH put AS (
        INSERT INTO schools_establishmentlink AS held
               (scheme, code, linked_code, type, established_on, name)
        SELECT 'URN', code, linked_code, type, established_on, coalesce(name, '')
        FROM link_stage ORDER BY code, linked_code
        ON CONFLICT (scheme, code, linked_code, type) DO UPDATE
        SET established_on = excluded.established_on, name = excluded.name
        WHERE (held.established_on, held.name)
              IS DISTINCT FROM (excluded.established_on, excluded.name)
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM put
"""
KEEP_BEFORE = """
    INSERT INTO schools_linkbefore
           (file_id, scheme, code, linked_code, type, was_there, established_on, name)
    SELECT %s, 'URN', coalesce(l.code, s.code), coalesce(l.linked_code, s.linked_code),
           coalesce(l.type, s.type), l.id IS NOT NULL, l.established_on, coalesce(l.name, '')
    FROM (SELECT * FROM schools_establishmentlink WHERE scheme = 'URN') l
    FULL JOIN link_stage s ON (l.code, l.linked_code, l.type) = (s.code, s.linked_code, s.type)
    WHERE l.id IS NULL OR s.code IS NULL
       OR (l.established_on, l.name) IS DISTINCT FROM (s.established_on, coalesce(s.name, ''))
"""
DROP_GONE = """
    DELETE FROM schools_establishmentlink l WHERE scheme = 'URN' AND NOT EXISTS (
        SELECT FROM link_stage s
        WHERE (s.code, s.linked_code, s.type) = (l.code, l.linked_code, l.type)
    )
"""


@dataclass
class LinksResult(published.Loaded):
    """What came of a file of links: the row kept of it, with its counts."""

    def size(self):
        return f"{self.file.rows:,} links"

    def more(self):
        yield f"{self.file.joined:>9,} gone on under a new number, by itself"


def import_links(source, *, by=None, force_reason="", progress=None):
    """Bring the links into line with a file (a path or a stream), and join what goes on.

    Links of schools that the register does not have, and kinds not known here, are kept too.
    Raises `Refused`, with a sentence for the reader, and leaves everything as it was.
    """
    listing = published.read_listing(source, COLUMNS, needed=NEEDED)
    last = LoadedFile.objects.last(LoadedFile.Kind.LINKS)
    if last and last.file_hash == listing.hash:
        return LinksResult(last, same_file=True)
    rows = _checked(listing)
    with transaction.atomic():
        hold_lock()
        held = EstablishmentLink.objects.filter(scheme="URN").count()
        published.check_size(listing.name, len(rows), held, force_reason)
        file = _keep(listing, by)
        _write(file, rows)
        file.joined = join_schools(file=file, progress=progress)
        file.save()
        counts = {name: getattr(file, name) for name in COUNTS}
        audit.record("links.imported", file, by=by, changes=counts)
    return LinksResult(file, notices=listing.notices)


def _checked(listing):
    """The rows by what makes them one; a day that is none is left out and said."""
    rows = {}
    for line, row in listing.rows:
        for column in ("code", "linked_code"):
            if not published.is_code(row[column]):
                raise Refused(
                    f"Line {line:,} of {listing.name} has no {COLUMNS[column][0]} but "
                    f"“{row[column][:40]}”. Correct or delete the line, or download the file again."
                )
        try:
            day = read_day(row.get("established_on", ""))
        except ValueError as error:
            day = None
            listing.notices.append(f"Line {line:,}: “{error}” is no date; the link has none.")
        key = (row["code"], row["linked_code"], row["type"][:120])
        if key in rows:
            listing.notices.append(f"Line {line:,} says again what another line says.")
        rows[key] = (*key, day, row.get("name", "")[:255])
    return list(rows.values())


def _keep(listing, by):
    """The row kept of a file, not yet counted."""
    return LoadedFile.objects.create(
        kind=LoadedFile.Kind.LINKS,
        file_name=listing.name[:255],
        file_hash=listing.hash,
        loaded_at=timezone.now(),
        extracted_on=listing.extracted_on,
        by=by,
        follows=RegisterRun.objects.last_applied(),
        rows=len(listing.rows),
        **dict.fromkeys(("new", "changed", "gone"), 0),
    )


def _write(file, rows):
    """Bring the links into line, and keep beside the file what they were."""
    published.stage("link_stage", STAGED, rows)
    with connection.cursor() as cursor:
        cursor.execute(KEEP_BEFORE, [file.pk])
        cursor.execute(PUT)
        file.new, file.changed = cursor.fetchone()
        cursor.execute(DROP_GONE)
        file.gone = cursor.rowcount
