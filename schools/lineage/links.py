"""Read the DfE's file of links between schools: all of it or nothing, and only what differs."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from schools import published
from schools.lineage.joining import join_schools
from schools.models import EstablishmentLink, LoadedFile
from schools.register import Refused
from schools.register.applying import hold_lock

COLUMNS = {
    "code": ("URN",),
    "linked_code": ("LinkURN",),
    "name": ("LinkName",),
    "type": ("LinkType",),
    "established_on": ("LinkEstablishedDate",),
}
NEEDED = ("code", "linked_code", "type")
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
DROP_GONE = """
    DELETE FROM schools_establishmentlink l WHERE scheme = 'URN' AND NOT EXISTS (
        SELECT FROM link_stage s
        WHERE (s.code, s.linked_code, s.type) = (l.code, l.linked_code, l.type)
    )
"""


@dataclass
class LinksResult(published.Loaded):
    """What came of a file of links: the row kept of it, and the schools that were joined."""

    joined: int = 0

    def size(self):
        return f"{self.file.rows:,} links"

    def more(self):
        yield f"{self.joined:>9,} gone on under a new number, by itself"


def import_links(source, *, by=None, force_reason="", progress=None):
    """Bring the links into line with a file (a path or a stream), and join what goes on.

    Links of schools that the register does not have, and kinds not known here, are kept too.
    Raises `Refused`, with a sentence for the reader, and leaves everything as it was.
    """
    listing = published.read_listing(source, COLUMNS, needed=NEEDED)
    last = LoadedFile.objects.filter(kind=LoadedFile.Kind.LINKS).first()
    if last and last.file_hash == listing.hash:
        return LinksResult(last, same_file=True)
    rows = _checked(listing)
    with transaction.atomic():
        hold_lock()
        held = EstablishmentLink.objects.filter(scheme="URN").count()
        published.check_size(listing.name, len(rows), held, force_reason)
        file = _write(listing, rows, by)
        joined = join_schools(progress=progress)
    return LinksResult(file, joined, notices=listing.notices)


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
            day = published.day_of(row.get("established_on", ""))
        except ValueError as error:
            day = None
            listing.notices.append(f"Line {line:,}: “{error}” is no date; the link has none.")
        key = (row["code"], row["linked_code"], row["type"][:120])
        if key in rows:
            listing.notices.append(f"Line {line:,} says again what another line says.")
        rows[key] = (*key, day, row.get("name", "")[:255])
    return list(rows.values())


def _write(listing, rows, by):
    published.stage("link_stage", STAGED, rows)
    with connection.cursor() as cursor:
        cursor.execute(PUT)
        new, changed = cursor.fetchone()
        cursor.execute(DROP_GONE)
        gone = cursor.rowcount
    file = LoadedFile.objects.create(
        kind=LoadedFile.Kind.LINKS,
        file_name=listing.name[:255],
        file_hash=listing.hash,
        loaded_at=timezone.now(),
        extracted_on=listing.extracted_on,
        by=by,
        rows=len(listing.rows),
        new=new,
        changed=changed,
        gone=gone,
    )
    counts = {"rows": file.rows, "new": new, "changed": changed, "gone": gone}
    audit.record("links.imported", file, by=by, changes=counts)
    return file
