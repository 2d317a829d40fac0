"""Bring in the published results of one kind and school year: all of a file, or nothing."""

import hashlib
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from core import audit
from schools.models import ResultFile
from schools.register.unpacking import Refused, read_bytes
from schools.results import loading, measures, reading
from schools.results.years import as_label, read_year

LOCK = 20_612_003
EARLIEST = 2000


@dataclass
class ImportedResults:
    """What came of a file: how many rows were kept and left out, and what changed."""

    file: ResultFile
    same_file: bool = False
    written: int = 0
    removed: int = 0
    missing: list = field(default_factory=list)
    notices: list = field(default_factory=list)

    def in_words(self):
        """Yield what came of it, a line at a time."""
        file, kind = self.file, measures.kinds()[self.file.kind]["name"]
        yield f"{kind}, {as_label(file.school_year)}: {file.file_name}"
        if self.same_file:
            yield f"The same file as on {timezone.localdate(file.updated_at):%d %B %Y}. No change."
            return
        yield f"{file.rows:>9,} rows"
        yield f"{file.kept:>9,} schools kept"
        for reason, number in sorted(file.left_out.items()):
            yield f"{number:>9,} left out: {reading.IN_WORDS[reason]}"
        if file.not_in_register:
            yield f"{file.not_in_register:>9,} kept by number, not in the register today"
        yield f"{self.written:>9,} figures new or changed, {self.removed:,} no longer there"
        if self.missing:
            yield f"Not in the file: {', '.join(self.missing)}"
        yield from self.notices


def import_results(source, *, kind="", year=None, by=None):
    """Bring in a published file (a path or a stream); `year` is the year a school year starts in.

    Raises `Refused`, with a sentence for the reader, and leaves the results as they were.
    """
    source = read_bytes(source, only_csv=True)
    file = reading.read(source)
    kind = _kind(file, kind)
    year = _year(file, year)
    digest = hashlib.sha256(source.data + repr(measures.kinds()[kind]).encode()).hexdigest()
    with transaction.atomic():
        loading.hold(LOCK)
        before = ResultFile.objects.filter(kind=kind, school_year=year).first()
        if before and before.file_hash == digest:
            return ImportedResults(before, same_file=True)
        kept, missing = measures.kept_in(kind, file.header)
        if not kept:
            raise Refused(f"{file.name} has no column of {kind}. Check what you said with --kind.")
        file.fractions = measures.find_fractions(kept, [row for _, row in file.schools.values()])
        counts = loading.load(file, kind, year, kept)
        row = _note(before, file, kind, year, digest, counts, by)
    result = ImportedResults(row, missing=missing, notices=[*source.notices, *_said(file)])
    result.written, result.removed = counts.written, counts.removed
    return result


def _kind(file, asked):
    if asked:
        if asked not in measures.kinds():
            raise Refused(f"There is no kind {asked}. Choose one of {_listed()}.")
        return asked
    found = measures.known_kinds(file.header)
    if len(found) == 1:
        return found[0]
    raise Refused(f"{file.name} does not show what it holds. Say so with --kind: {_listed()}.")


def _listed():
    return ", ".join(measures.kinds())


def _year(file, asked):
    year = asked or read_year(file.name)
    if year is None:
        raise Refused(
            f"The name {file.name} does not say a school year. Say it with --year, as 2022-23."
        )
    if not EARLIEST <= year <= timezone.localdate().year:
        raise Refused(f"{as_label(year)} cannot be right. Say the school year with --year.")
    return year


def _note(row, file, kind, year, digest, counts, by):
    """Keep where the results come from, and say in the record who brought them."""
    row = row or ResultFile(kind=kind, school_year=year)
    row.file_name, row.file_hash, row.by = file.name[:255], digest, by
    row.rows, row.kept, row.left_out = file.rows, len(file.schools), dict(file.left_out)
    row.not_in_register = counts.strange
    row.save()
    changes = {"kind": kind, "school_year": year, "rows": row.rows, "kept": row.kept}
    audit.record("results.imported", row, by=by, changes=changes)
    return row


def _said(file):
    if file.fractions:
        yield f"Written as parts of one, and read as per cent: {', '.join(file.fractions)}."
    if file.short:
        yield f"{file.short:,} rows are shorter than the header; what they lack is kept as blank."
    if file.long:
        yield f"{file.long:,} rows have cells beyond the header, which were not read."
