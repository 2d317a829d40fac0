"""Import one file into the register: all of it or nothing, and only what differs."""

import hashlib
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from core import audit
from schools import changes
from schools.models import Establishment, RegisterRun
from schools.register import applying
from schools.register.columns import MAPPING
from schools.register.dropping import drop_overtaken
from schools.register.reading import RegisterFile, extract_date
from schools.register.unpacking import read_bytes

FEW = 20


@dataclass
class ImportResult:
    """What came of a file: the run, and whether anything was done.

    `kinds` is [(kind of change, how many)]; `rows` has, after a trial, what it would add, join and
    lack: [(heading, how many, the first few in words)].
    """

    run: RegisterRun
    same_file: bool = False
    dry_run: bool = False
    notices: list = field(default_factory=list)
    kinds: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    def in_words(self):
        """Yield what came of it, a line at a time."""
        run = self.run
        if self.same_file:
            yield same_file(run)
            return
        yield f"{run.file_name}: {run.rows:,} rows"
        for name in ("new", "changed", "unchanged", "closed"):
            yield f"{getattr(run, name):>9,} {name}"
        yield f"{run.missing:>9,} in the register but not in the file (kept)"
        yield from self._details()
        if run.missing_columns:
            yield f"Columns not in the file, left as they were: {', '.join(run.missing_columns)}"
        if run.unknown_columns:
            yield f"Columns not known, kept aside: {', '.join(run.unknown_columns)}"
        yield from self.notices
        if self.dry_run:
            yield "This was a trial. Nothing was written."

    def _details(self):
        told = [(kind.label.lower(), number) for kind, number in self.kinds if number]
        if told:
            yield "By kind of change:"
        for label, number in told:
            yield f"{number:>9,} {label}"
        for heading, number, first in self.rows:
            more = f", the first {len(first)}" if len(first) < number else ""
            yield from [f"{heading} ({number:,}{more}):", *(f"  {line}" for line in first)]


def same_file(run):
    """The sentence that says that a file was imported before."""
    return f"Same file as the last import of {run.finished_at:%d %B %Y}. Nothing to do."


def import_file(
    source,
    *,
    by=None,
    force_reason="",
    dry_run=False,
    origin=RegisterRun.Origin.COMMAND,
    reading=None,
    progress=None,
):
    """Bring the register into line with a DfE extract (a path or a stream).

    `reading(share)` is told of a workbook, `progress(done, total)` of rows that may still be taken
    back. Raises `Refused`, with a sentence for the reader, and leaves the register as it was.
    """
    started_at = timezone.now()
    source, digest, last = opened(source, reading)
    if is_same(last, digest):
        return ImportResult(last, same_file=True, dry_run=dry_run)
    file = RegisterFile(source.name, source.data, salt=MAPPING)
    run = new_run(file, digest, by=by, origin=origin, started_at=started_at)
    run.forced_reason, run.notices = force_reason, [*source.notices, *older_than(last, run)]
    with transaction.atomic():
        result = ImportResult(run, dry_run=dry_run, notices=run.notices)
        if dry_run:
            _try(result, file, progress)
        else:
            _apply(result, file, by, progress)
    result.notices = run.notices
    return result


def _apply(result, file, by, progress):
    run = result.run
    applying.apply(run, file, progress=progress)
    record(run, by=by)
    drop_overtaken(run, by=by)
    result.kinds = changes.count_kinds(run)


def _try(result, file, progress):
    run = result.run
    applying.look(run, file, progress=progress)
    result.kinds = changes.count_kinds(run)
    for heading, rows in (
        ("New", run.foreseen.order_by("pk")),
        ("Gone on under a new number", run.joins.order_by("pk")),
        ("Not in the file", Establishment.objects.filter(lacked_by__run=run).order_by("pk")),
    ):
        if number := rows.count():
            result.rows.append((heading, number, [str(row) for row in rows[:FEW]]))
    run.pk = None
    transaction.set_rollback(True)


def opened(source, reading):
    """Return the file's `Source`, its hash, and the run that the register stands at."""
    source = read_bytes(source, reading)
    digest = hashlib.sha256(source.data).hexdigest()
    return source, digest, RegisterRun.objects.last_applied()


def is_same(last, digest):
    """Whether the register stands at this very file, read as this version reads it."""
    return last is not None and (last.file_hash, last.mapping) == (digest, MAPPING)


def older_than(last, run):
    """Yield a sentence where a file was extracted before the one that the register stands at."""
    before = last.extracted_on if last else None
    if before and run.extracted_on and run.extracted_on < before:
        yield (
            f"{run.file_name} is older than {last.file_name}, which the register stands at: it "
            "takes back what the newer one brought."
        )


def new_run(file, digest, **fields):
    """A run of a file that is not yet counted or saved."""
    return RegisterRun(
        file_name=file.name[:255],
        file_hash=digest,
        mapping=MAPPING,
        extracted_on=extract_date(file.name),
        header=file.header,
        **fields,
    )


def record(run, *, by):
    """Put an applied run into the audit trail."""
    counts = {name: getattr(run, name) for name in ("rows", "new", "changed", "closed")}
    audit.record("register.imported", run, by=by, changes=counts)
