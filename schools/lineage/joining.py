"""Make one School of the register rows that are one school going on under a new number."""

# ruff: noqa: S608  the statements are put together from the names of our own tables only

from collections import defaultdict

from django.db import connection, models, transaction
from django.db.models import F

from core import scope
from schools import published
from schools.areas.schools import recompute
from schools.lineage.graph import Graph
from schools.models import (
    Establishment,
    EstablishmentLink,
    RegisterJoin,
    School,
    SchoolArea,
    SchoolMove,
    Standing,
)
from schools.register import refresh_schools

NOT_FOLLOWING = (Establishment, RegisterJoin, SchoolMove, SchoolArea)
ROWS = (Establishment, Establishment._meta.get_field("school"))
NOTE_CHANGES = """
    INSERT INTO schools_registerchange (run_id, establishment_id, field, old, new, old_raw)
    SELECT %s, e.id, 'school', old.name || ' (' || e.scheme || ' ' || e.code || ')',
           new.name || ' (' || coalesce(now.scheme || ' ' || now.code, 'no number') || ')',
           e.school_id::text
    FROM school_join j
    JOIN schools_establishment e ON e.school_id = j.gone
    JOIN schools_school old ON old.id = j.gone
    JOIN schools_school new ON new.id = j.kept
    LEFT JOIN schools_establishment now ON now.id = new.current_id
    ORDER BY e.id
"""
EMPTY = """
    UPDATE schools_school s
    SET joined_to_id = j.kept, current_id = NULL, standing = '', phase_id = NULL, search_text = ''
    FROM school_join j WHERE s.id = j.gone
"""
NOTE_MOVES = """
    INSERT INTO schools_schoolmove (run_id, file_id, before_id, after_id, model, field, row)
    SELECT %s, %s, j.gone, j.kept, %s, %s, t.id
    FROM {table} t JOIN school_join j ON t.{column} = j.gone ORDER BY t.id
"""
FOLLOW = """
    UPDATE {table} t SET {column} = j.kept FROM school_join j WHERE t.{column} = j.gone
"""
PARTED_BY_RUN = """
    CREATE TEMP TABLE school_parted ON COMMIT DROP AS
    SELECT c.establishment_id AS row, c.old_raw::bigint AS before, e.school_id AS after
    FROM schools_registerchange c JOIN schools_establishment e ON e.id = c.establishment_id
    WHERE c.run_id = %s AND c.field = 'school' AND c.old_raw IS NOT NULL
"""
PARTED_BY_FILE = f"""
    CREATE TEMP TABLE school_parted ON COMMIT DROP AS
    SELECT m.row, m.before_id AS before, m.after_id AS after
    FROM schools_schoolmove m
    JOIN schools_establishment e ON (e.id, e.school_id) = (m.row, m.after_id)
    WHERE m.file_id = %s AND m.model = '{Establishment._meta.label}'
"""
PUT_BACK = """
    UPDATE schools_establishment e SET school_id = p.before FROM school_parted p
    WHERE e.id = p.row
"""
FOLLOW_BACK = """
    UPDATE {table} t SET {column} = m.before_id FROM schools_schoolmove m
    WHERE m.{cause} = %s AND m.model = %s AND m.field = %s
    AND (t.id, t.{column}) = (m.row, m.after_id)
"""


@transaction.atomic
def join_schools(run=None, file=None, progress=None):
    """Let each school go on by itself where the register says plainly how; return how many did.

    That is where a closed school has one successor, which has one predecessor. All that points at
    the one School then points at the other, and the emptied one only leads there. Two schools that
    the same partnership works with stay two: how they go on is for that partnership to say.
    With a `run` of the register, each move is one of its changes; with that or the LoadedFile of
    the links, `part_schools` takes it back.
    """
    moves, _ = plan_joins()
    with scope.everything():
        if moves:
            published.stage("school_join", (("gone", "bigint"), ("kept", "bigint")), moves)
            _join(run, file)
    if progress:
        progress(len(moves), len(moves))
    return len(moves)


def open_twice(run):
    """Where a run left two rows of one school open: the code that it shows, and each other one."""
    opened = run.changes.filter(field="status", establishment__standing=Standing.OPEN)
    rows = Establishment.objects.filter(
        school__in=opened.order_by().values("establishment__school"), standing=Standing.OPEN
    ).exclude(pk=F("school__current"))
    return list(rows.order_by("code").values_list("school__current__code", "code"))


def plan_joins(rows_of=None):
    """Return what `join_schools` would do: pairs (emptied School, kept School), and why.

    Why is a list of (number, number that follows it). `rows_of(codes)` tells of each number the
    School and the standing that it will have; without it, what they are today.
    """
    steps = list(_steps(rows_of or _rows_today))
    with scope.everything():
        sets = _Sets(
            _held_by(sorted({school for _, one, other in steps for school in (one, other)}))
        )
    edges = [edge for edge, one, other in steps if sets.join(one, other)]
    moves = sorted(
        (school, kept)
        for members in sets.joined()
        for kept in [min(members)]
        for school in members
        if school != kept
    )
    return moves, edges


def _steps(rows_of):
    """Yield ((before, after), School, School) where one plainly goes on as the other."""
    links = EstablishmentLink.objects.filter(scheme=Establishment.URN)
    edges = Graph(links.order_by().values_list("code", "linked_code", "type")).conversions()
    found = rows_of([code for edge in edges for code in edge])
    for before, after in edges:
        if before in found and after in found and found[before][1] == Standing.CLOSED:
            one, other = found[before][0], found[after][0]
            if one != other:
                yield (before, after), min(one, other), max(one, other)


def _rows_today(codes):
    rows = Establishment.objects.filter(scheme=Establishment.URN, code__in=codes).order_by()
    return {code: row for code, *row in rows.values_list("code", "school_id", "standing")}


class _Sets:
    """Schools that become one, as sets grown pair by pair; none may hold the same thing twice."""

    def __init__(self, held):
        self.sets = {}
        self.held = defaultdict(set, {school: set(things) for school, things in held.items()})

    def join(self, one, other):
        """Make one of the sets of two schools, and say whether that came about."""
        mine, theirs = self.sets.get(one, {one}), self.sets.get(other, {other})
        if mine is theirs:
            return False
        things = [set().union(*(self.held[school] for school in part)) for part in (mine, theirs)]
        if things[0] & things[1]:
            return False
        mine |= theirs
        self.sets.update(dict.fromkeys(mine, mine))
        return True

    def joined(self):
        return {id(members): members for members in self.sets.values()}.values()


def _followers():
    """Fields of any room that point at a School and follow it: (model, field)."""
    return [
        (relation.related_model, relation.field)
        for relation in School._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and relation.is_relation
        and not relation.concrete
        and relation.related_model not in NOT_FOLLOWING
    ]


def _held_by(schools):
    """What points at each school; where only one such row may be, named so that two are alike."""
    held = defaultdict(set)
    for model, field in _followers():
        keys = _unique_keys(model, field)
        names = sorted({name for key in keys for name in key})
        rows = model._base_manager.filter(**{f"{field.name}__in": schools}).order_by()
        for school, pk, *values in rows.values_list(field.attname, "pk", *names):
            named = dict(zip(names, values, strict=True))
            alike = [(*key, *(named[name] for name in key)) for key in keys] or [(pk,)]
            held[school] |= {(model._meta.label, field.name, *thing) for thing in alike}
    return held


def _unique_keys(model, field):
    """For each unique key that the field is part of, the other fields of the key."""
    keys = [
        constraint.fields
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    if field.unique:
        keys.append((field.name,))
    return [tuple(n for n in key if n != field.name) for key in keys if field.name in key]


def _join(run, file):
    causes = [cause and cause.pk for cause in (run, file)]
    with connection.cursor() as cursor:
        if run is not None:
            cursor.execute(NOTE_CHANGES, [run.pk])
        for model, field in [*_followers(), ROWS]:
            names = {"table": model._meta.db_table, "column": field.column}
            if file or (run and model is not Establishment):
                noted = [*causes, model._meta.label, field.name]
                cursor.execute(NOTE_MOVES.format(**names), noted)
            cursor.execute(FOLLOW.format(**names))
        cursor.execute(EMPTY)
    refresh_schools("SELECT kept FROM school_join")
    recompute("SELECT unnest(ARRAY[gone, kept]) FROM school_join")


@transaction.atomic
def part_schools(run=None, file=None):
    """Take back the joining that a run, or a file of links, did; returns how many were parted.

    What followed goes back where it still is.
    """
    cause, pk = ("run_id", run.pk) if run else ("file_id", file.pk)
    with scope.everything(), connection.cursor() as cursor:
        cursor.execute(PARTED_BY_RUN if run else PARTED_BY_FILE, [pk])
        cursor.execute(PUT_BACK)
        for model, field in _followers():
            names = {"table": model._meta.db_table, "column": field.column, "cause": cause}
            cursor.execute(FOLLOW_BACK.format(**names), [pk, model._meta.label, field.name])
        SchoolMove.objects.filter(**{cause: pk})._raw_delete("default")
        refresh_schools("SELECT unnest(ARRAY[before, after]) FROM school_parted")
        recompute("SELECT unnest(ARRAY[before, after]) FROM school_parted")
        cursor.execute("SELECT count(DISTINCT before) FROM school_parted")
        parted = cursor.fetchone()[0]
        cursor.execute("DROP TABLE school_parted")
        return parted
