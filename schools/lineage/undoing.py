"""Take the last file of links back: the links as they were, and parted what it alone joined."""

from django.db import connection, transaction
from django.utils import timezone

from core import audit
from schools.lineage.joining import join_schools, part_schools
from schools.models import LinkBefore, LoadedFile, RegisterRun
from schools.register import Refused
from schools.register.applying import hold_lock

DROP_NEW = """
    DELETE FROM schools_establishmentlink l USING schools_linkbefore b
    WHERE b.file_id = %s AND NOT b.was_there
    AND (l.scheme, l.code, l.linked_code, l.type) = (b.scheme, b.code, b.linked_code, b.type)
"""
PUT_BACK = """
    INSERT INTO schools_establishmentlink
           (scheme, code, linked_code, type, established_on, name)
    SELECT scheme, code, linked_code, type, established_on, name
    FROM schools_linkbefore WHERE file_id = %s AND was_there ORDER BY id
    ON CONFLICT (scheme, code, linked_code, type) DO UPDATE
    SET established_on = excluded.established_on, name = excluded.name
"""


@transaction.atomic
def undo_links(file, *, by):
    """Put the links back to what they were before a file, and part the schools that it joined.

    Only the last file of links can be taken back, and only until a register file is applied, which
    builds on it. What was attached since stays with the school that goes on. Returns the number
    of schools that were parted; raises `Refused`.
    """
    hold_lock()
    file = LoadedFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    _check(file)
    with connection.cursor() as cursor:
        cursor.execute(DROP_NEW, [file.pk])
        cursor.execute(PUT_BACK, [file.pk])
    LinkBefore.objects.filter(file=file)._raw_delete("default")
    parted = part_schools(file=file)
    file.undone_at, file.undone_by = timezone.now(), by
    file.save(update_fields=["undone_at", "undone_by"])
    if before := LoadedFile.objects.last(file.kind):
        join_schools(file=before)  # what `join_since` had put under the later one
    audit.record("links.undone", file, by=by, changes={"parted": parted})
    return parted


def part_since(run):
    """Take back what files of links have joined since a run, so that it can be undone itself."""
    for file in _since(run).order_by("-pk"):
        part_schools(file=file)


def join_since(run):
    """Join again, after a run was undone, what the files of links since still say."""
    if file := _since(run).last(LoadedFile.Kind.LINKS):
        join_schools(file=file)


def _since(run):
    files = LoadedFile.objects.filter(kind=LoadedFile.Kind.LINKS, undone_at=None)
    return files.filter(follows__gte=run.pk)


def _check(file):
    no = f"{file.file_name} cannot be undone:"
    if file.kind != LoadedFile.Kind.LINKS:
        raise Refused(f"{no} it is no file of links. Load the file before it once more instead.")
    if file.undone_at:
        raise Refused(f"{no} it was undone on {timezone.localdate(file.undone_at):%d %B %Y}.")
    if file.joined is None:
        raise Refused(f"{no} when it was loaded, what it changed was not kept yet.")
    last = LoadedFile.objects.last(file.kind)
    if last.pk != file.pk:
        raise Refused(f"{no} {last.file_name} was loaded after it. Undo that one first.")
    run = RegisterRun.objects.last_applied()
    if run and run.pk > (file.follows_id or 0):
        raise Refused(f"{no} {run.file_name} was applied after it. Undo that one first.")
