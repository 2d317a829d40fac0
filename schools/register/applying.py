"""What a file would change, and how that is written; within the caller's transaction."""

import gc
from contextlib import contextmanager

from django.utils import timezone

from schools.areas.schools import recompute
from schools.models import RegisterRun
from schools.register import comparing, finding, first_load, foreseeing, loading
from schools.register.codes import Codes
from schools.register.columns import BY_NAME, Layout
from schools.register.typed import Typist
from schools.register.unpacking import Refused

LOCK = 20_612_001
AT_ONCE = 2_500
MANY = 10
SCHOOLS_NEW = "SELECT school_id FROM schools_establishment WHERE added_by_id = %s"
# Those whose site may lie in another area now than before the run.
SCHOOLS_MOVED = """
    SELECT school_id FROM schools_establishment WHERE added_by_id = %s OR id IN (
        SELECT establishment_id FROM schools_registerchange WHERE run_id = %s
        AND field IN ('postcode', 'lsoa', 'msoa', 'status', 'opened_on', 'closed_on', 'school')
    )
"""
MOST_NAMED = 20
OPEN_TWICE = (
    "Open again, though the school goes on under the number after it, which it is shown by: {}. "
    "Is the file an old one? Then import the newest."
)
COUNTS = ("rows", "new", "changed", "unchanged", "closed", "missing")


def hold_lock():
    """Be the only import of the register until the transaction ends."""
    if not loading.number("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]):
        raise Refused("Another import of the register is running. Wait until it has ended.")


@contextmanager
def _no_collection():
    """Let Python not search for cycles: there are none among millions of cells."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_no_collection()
def look(run, file, *, progress=None):
    """Count what the file would change and keep each row and field of it; the register stays."""
    run.state = RegisterRun.State.PREVIEWED
    work = _Work(run, file, progress)
    if work.found.is_any:
        work.read_changed()
        work.read_new()
        work.codes.prepare()
        work.count()
        loading.write_changes(run.pk)
        foreseeing.write_new(run.pk, work.layout)
        foreseeing.write_joins(run.pk, work.layout)
    work.progress(run.rows, run.rows)


@_no_collection()
def apply(run, file, *, progress=None):
    """Write what is new and what changed, and bring the schools into line."""
    run.state = RegisterRun.State.APPLIED
    work = _Work(run, file, progress)
    if work.found.is_any:
        work.read_changed()
        with first_load.built_afterwards(run.new):
            work.write()
        finding.remember_words(SCHOOLS_NEW, [run.pk])
        if (run.new + run.changed) * MANY > run.rows:
            loading.settle()
        _follow(run)
        recompute(SCHOOLS_MOVED, [run.pk, run.pk])
    work.progress(run.rows, run.rows)


def _follow(run):
    """Let schools go on under their new numbers, and trusts follow their schools."""
    from schools import groups, lineage  # they import this package

    lineage.join_schools(run=run)
    groups.follow_register()
    doubts = [f"{other} beside {shown}" for shown, other in lineage.open_twice(run)]
    if doubts:
        run.notices.append(OPEN_TWICE.format(", ".join(doubts[:MOST_NAMED])))
        run.save(update_fields=["notices"])


class _Work:
    """One file beside the register, compared but not yet read."""

    def __init__(self, run, file, progress):
        hold_lock()
        self.run, self.file = run, file
        self.progress = progress or (lambda done, total: None)
        self.layout = Layout(file.header)
        self.found = comparing.compare(file, self.layout)
        last = RegisterRun.objects.last_applied()
        for name in COUNTS:
            setattr(run, name, 0)
        run.rows, run.missing = self.found.rows, len(self.found.missing)
        comparing.check_size(run, last)
        run.new = len(self.found.new)
        run.follows = last
        run.missing_columns, run.unknown_columns = self.layout.missing, self.layout.unknown
        run.unchanged = self.found.kept
        run.finished_at = timezone.now()
        run.save()
        foreseeing.write_missing(run.pk, self.found.missing)
        self.done = self.found.kept
        if self.found.is_any:
            self.codes = Codes()
            self.typist = Typist(file, self.layout, self.codes)

    def read_changed(self):
        """Stage the rows that the register has otherwise, and note their changed fields."""
        columns = ["id", *self.layout.columns]
        loading.make_typed(columns)
        for lines in self._typed(self.found.changed):
            loading.copy_text("register_typed", columns, lines)
            self.tell(len(lines))
        loading.find_changes(self.layout)

    def read_new(self):
        """Stage the rows that the register does not have, as they would be."""
        columns = ["code", *self.layout.columns]
        foreseeing.make_new(columns)
        for lines in self.new_lines():
            loading.copy_text("register_new", columns, lines)
            self.tell(len(lines))

    def new_lines(self):
        return self._typed(self.found.new)

    def _typed(self, records):
        records = list(records.values())
        for start in range(0, len(records), AT_ONCE):
            yield self.typist.lines(records[start : start + AT_ONCE])

    def tell(self, rows):
        """Say how many rows have been read; whoever listens may stop it all."""
        self.done += rows
        self.progress(self.done, self.run.rows)

    def add_new(self):
        """Write the new establishments, each with the number of a school of its own.

        While the database writes some of them the next are read.
        """
        columns = ["code", *self.layout.columns, "school_id", "scheme", "added_by_id"]
        blanks = _blanks(self.layout)
        schools = iter(loading.reserve("schools_school_id_seq", self.run.new))
        tail = "".join(f"\t{blank}" for blank in ["URN", self.run.pk, *blanks.values()])
        with loading.Beside() as database:
            for lines in self.new_lines():
                whole = [f"{line}\t{next(schools)}{tail}" for line in lines]
                database.wait()
                self.tell(len(lines))
                database.start(loading.add_rows, self.run.pk, [*columns, *blanks], whole)

    def write(self):
        """Write the new rows, what changed in the others, and what the changes were."""
        self.add_new()
        self.codes.prepare()
        self.count()
        loading.write_changes(self.run.pk)
        loading.write_before(self.run.pk, self.layout)
        self.codes.save(self.run.pk)
        if self.found.changed:
            loading.update_rows(self.layout)
            loading.refresh_changed()

    def count(self):
        run, shifted = self.run, [code.lstrip("0") for _, code, _ in self.file.shifted]
        self.file.check_shifted(run.rows)
        run.rows -= len(shifted)
        run.new -= len(self.found.new.keys() & shifted)
        run.changed, run.closed = loading.count(self.layout)
        run.unchanged = run.rows - run.new - run.changed
        run.renamed = self.codes.renamed
        run.notices = list(dict.fromkeys([*run.notices, *self.file.notices()]))
        run.finished_at = timezone.now()
        run.save()


def _blanks(layout):
    """What stands in the columns of a new row that the file has no column for."""
    blanks = {
        field.column: {"list": "{}", "name": "Not named"}.get(field.kind, "")
        for field in BY_NAME.values()
        if field.kind in ("name", "text", "postcode", "area", "list") and field not in layout.fields
    }
    blanks |= {name: "" for name in ("standing", "laestab") if name not in layout.derived}
    return blanks
