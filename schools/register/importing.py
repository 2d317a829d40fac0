"""Import one file into the register: all of it or nothing, and only what differs."""

import csv
import hashlib
import io
from dataclasses import dataclass, field

from django.db import DataError, connection, transaction
from django.utils import timezone

from core import audit
from schools.models import Establishment, RegisterRun
from schools.register import first_load, loading
from schools.register.columns import MAPPING, Layout
from schools.register.reading import RegisterFile, extract_date
from schools.register.unpacking import Refused, read_bytes

LOCK = 20_612_001
AT_ONCE = 5_000
LEAST_SHARE = 0.9
MANY = 10


@dataclass
class ImportResult:
    """What came of a file: the run, and whether anything was done."""

    run: RegisterRun
    same_file: bool = False
    dry_run: bool = False
    notices: list = field(default_factory=list)

    def in_words(self):
        """Yield what came of it, a line at a time."""
        run = self.run
        if self.same_file:
            yield f"Same file as the last import of {run.finished_at:%d %B %Y}. Nothing to do."
            return
        yield f"{run.file_name}: {run.rows:,} rows"
        for name in ("new", "changed", "unchanged", "closed"):
            yield f"{getattr(run, name):>9,} {name}"
        yield f"{run.missing:>9,} in the register but not in the file (kept)"
        if run.missing_columns:
            yield f"Columns not in the file, left as they were: {', '.join(run.missing_columns)}"
        if run.unknown_columns:
            yield f"Columns not known, kept aside: {', '.join(run.unknown_columns)}"
        yield from self.notices
        if self.dry_run:
            yield "This was a trial. Nothing was written."


def import_file(source, *, by=None, force_reason="", dry_run=False, reading=None, progress=None):
    """Bring the register into line with a DfE extract (a path or a stream).

    `reading(share)` is told of a workbook before anything is written, `progress(done, total)`
    of the rows while all of them may still be taken back.

    Raises `Refused`, with a sentence for the reader, and leaves the register as it was.
    """
    started_at = timezone.now()
    source = read_bytes(source, reading)
    digest = hashlib.sha256(source.data).hexdigest()
    last = RegisterRun.objects.order_by("-pk").first()
    if last and (last.file_hash, last.mapping) == (digest, MAPPING):
        return ImportResult(last, same_file=True, dry_run=dry_run)
    file = RegisterFile(source.name, source.data, salt=MAPPING)
    run = _new_run(file, digest, started_at=started_at, by=by, forced_reason=force_reason)
    with transaction.atomic():
        _apply(run, file, progress=progress or (lambda done, total: None))
        if dry_run:
            run.pk = None
            transaction.set_rollback(True)
    notices = [*source.notices, *file.notices()]
    return ImportResult(run, dry_run=dry_run, notices=notices)


def _new_run(file, digest, **fields):
    return RegisterRun(
        file_name=file.name[:255],
        file_hash=digest,
        mapping=MAPPING,
        extracted_on=extract_date(file.name),
        header=file.header,
        **fields,
    )


def _apply(run, file, *, progress):
    _hold_lock()
    layout = Layout(file.header)
    staged, kept, run.missing = _compare(file, layout)
    run.rows = len(staged) + kept
    _check_size(run)
    run.missing_columns, run.unknown_columns = layout.missing, layout.unknown
    run.new = run.changed = run.closed = 0
    if staged:
        loading.make_staging(layout)
        _copy(file, layout, staged, kept, progress=progress)
        _load(run, layout)
    run.unchanged = run.rows - run.new - run.changed
    run.finished_at = timezone.now()
    run.save()
    if staged:
        loading.write_changes(run.pk)
        with first_load.built_afterwards(run.new):
            loading.write_rows(layout)
        if (run.new + run.changed) * MANY > run.rows:
            loading.settle()
    counts = {name: getattr(run, name) for name in ("rows", "new", "changed", "closed")}
    audit.record("register.imported", run, by=run.by, changes=counts)
    progress(run.rows, run.rows)


def _hold_lock():
    if not loading.number("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]):
        raise Refused("Another import of the register is running. Wait until it has ended.")


def _compare(file, layout):
    """Return the records that are new or changed, how many are as before, and how many missing."""
    register = dict(Establishment.objects.filter(scheme="URN").values_list("code", "line_hash"))
    known = {line_hash: code for code, line_hash in register.items() if line_hash}
    staged, same = {}, set()
    for line, record, line_hash in file.records():
        code = known.pop(line_hash, None)
        if code is None:
            code = _urn(file, layout, line, record)
            if code in staged:
                raise Refused(_twice(file, code, staged[code][0], line))
            staged[code] = (line, record, line_hash)
        else:
            same.add(code)
    _check_ends(file, staged, same, record if staged or same else None)
    missing = len(register.keys() - staged.keys() - same)
    return staged, len(same), missing


def _urn(file, layout, line, record):
    if layout.urn == 0:
        code = record.split(b",", 1)[0].strip(b' "').decode("latin-1")
    else:
        values = file.values(record)
        code = values[layout.urn].strip() if layout.urn < len(values) else ""
    if not (code.isascii() and code.isdigit() and len(code) <= 16):
        raise Refused(
            f"Line {line:,} of {file.name} has no URN but “{code[:40]}”. "
            "Correct or delete the line, or download the file again."
        )
    return code


def _twice(file, code, first, second):
    return (
        f"{file.name} has URN {code} on two lines, {first:,} and {second:,}. "
        "Download it again, or delete one of them."
    )


def _check_ends(file, staged, same, record):
    if record is None:
        raise Refused(f"{file.name} has a header and no rows. Download it again.")
    for code in staged.keys() & same:
        raise Refused(f"{file.name} has URN {code} on two lines. Delete one of them.")
    if len(file.values(record)) < len(file.header):
        raise Refused(file.cut_short(len(file.lines) - (not file.lines[-1].strip())))


def _check_size(run):
    last = RegisterRun.objects.order_by("-pk").first()
    if last and run.rows < last.rows * LEAST_SHARE and not run.forced_reason:
        raise Refused(
            f"{run.file_name} has {run.rows:,} rows; the last file had {last.rows:,}. "
            "It looks incomplete. Download it again; if it is meant to be so small, import it "
            "with --force and --reason."
        )


def _copy(file, layout, staged, kept, *, progress):
    columns = ", ".join(f"c{place}" for place in range(len(layout.header)))
    statement = (
        f"COPY register_stage ({columns}, line_hash, urn) FROM STDIN "
        f"(FORMAT csv, FORCE_NULL ({columns}))"
    )
    rows = [
        (line, b"%b,%b,%b" % (file.utf8(record), line_hash.encode(), code.encode()))
        for code, (line, record, line_hash) in staged.items()
    ]
    total = kept + len(rows)
    for start in range(0, len(rows), AT_ONCE):
        batch = rows[start : start + AT_ONCE]
        data = io.BytesIO(b"\n".join(row for _, row in batch))
        try:
            with connection.cursor() as cursor, connection.wrap_database_errors:
                cursor.copy_expert(statement, data)
        except DataError as error:
            raise Refused(_bad_record(file, batch, error)) from error
        progress(kept + start + len(batch), total)


def _bad_record(file, batch, error):
    for line, row in batch:
        found = len(next(csv.reader([row.decode()]))) - 2
        if found != len(file.header):
            return (
                f"Line {line:,} of {file.name} has {found} columns; the header has "
                f"{len(file.header)}. Download it again, or correct the line."
            )
    return f"{file.name} cannot be read as CSV: {str(error).splitlines()[0]}. Download it again."


def _load(run, layout):
    loading.load_codes(layout)
    loading.make_typed(layout)
    loading.find_changes(layout)
    run.new, run.changed, run.closed = loading.count(layout)
