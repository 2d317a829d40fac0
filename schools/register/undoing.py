"""Take the last applied run back: each field as it was, and gone what it added and nobody uses."""

# ruff: noqa: S608  the statements are put together from our own column names only

from collections import Counter, defaultdict

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from core import audit, scope
from schools.areas.schools import recompute
from schools.models import (
    Establishment,
    Group,
    RegisterBefore,
    RegisterChange,
    RegisterCode,
    RegisterJoin,
    RegisterMissing,
    RegisterRun,
    School,
    SchoolArea,
)
from schools.register import loading
from schools.register.applying import hold_lock
from schools.register.codes import rename
from schools.register.columns import BY_NAME
from schools.register.dropping import drop_overtaken
from schools.register.unpacking import Refused

AT_ONCE = 2_000
# What the import itself works out about an establishment holds none: it goes with it.
REGISTER = (
    Establishment,
    RegisterChange,
    RegisterBefore,
    RegisterJoin,
    RegisterMissing,
    SchoolArea,
)


@transaction.atomic
def undo_run(run, *, by):
    """Put back what the last applied run changed; what is in use stays and is listed in `kept`.

    Returns the run; raises `Refused` for any other run.
    """
    from schools import groups, lineage  # they import this package

    hold_lock()
    _check(run)
    with scope.everything():
        lineage.part_since(run)
        touched = _schools_of(run) | set(run.added.values_list("school_id", flat=True))
        _put_fields_back(run)
        _put_rest_back(run)
        lineage.part_schools(run)
        rename(run.renamed)
        run.kept, gone = _remove_added(run)
        schools = ["SELECT unnest(%s::bigint[])", [sorted(touched | _schools_of(run))]]
        loading.refresh_schools(*schools)
        recompute(*schools)
        lineage.join_since(run)
        _remove_trusts(_remove_codes(run))
        groups.follow_register()
    run.state, run.undone_at, run.undone_by = RegisterRun.State.UNDONE, timezone.now(), by
    run.save(update_fields=["state", "undone_at", "undone_by", "kept"])
    audit.record("register.undone", run, by=by, changes={"removed": gone, "kept": len(run.kept)})
    drop_overtaken(run, by=by, verb="undone")
    return run


def _check(run):
    now = RegisterRun.objects.select_for_update().get(pk=run.pk)
    run.state, run.renamed = now.state, now.renamed
    if run.state != RegisterRun.State.APPLIED:
        state = run.get_state_display().lower()
        raise Refused(f"{run.file_name} cannot be undone: it is {state}.")
    last = RegisterRun.objects.last_applied()
    if last.pk != run.pk:
        raise Refused(
            f"{run.file_name} cannot be undone: {last.file_name} was applied after it. "
            "Undo that one first."
        )


def _schools_of(run):
    """The schools whose establishments the run changed or moved."""
    changed = run.changes.values("establishment")
    return set(Establishment.objects.filter(pk__in=changed).values_list("school_id", flat=True))


def _put_fields_back(run):
    fields = set(run.changes.values_list("field", flat=True).distinct()) & BY_NAME.keys()
    settings = ["line_hash = ''"]
    for name in sorted(fields):
        column = BY_NAME[name].column
        type_ = Establishment._meta.get_field(name).db_type(connection)
        settings.append(
            f"{column} = CASE WHEN c.old ? '{name}' THEN (c.old ->> '{name}')::{type_} "
            f"ELSE e.{column} END"
        )
    loading.run(
        f"""
        UPDATE schools_establishment e SET {", ".join(settings)}
        FROM (SELECT establishment_id AS id, jsonb_object_agg(field, old_raw) AS old
              FROM schools_registerchange WHERE run_id = %s GROUP BY establishment_id) c
        WHERE e.id = c.id
        """,
        [run.pk],
    )


def _put_rest_back(run):
    loading.run(
        """
        UPDATE schools_establishment e
        SET line_hash = '',
            standing = CASE WHEN b.values ? 'standing'
                THEN b.values ->> 'standing' ELSE e.standing END,
            laestab = CASE WHEN b.values ? 'laestab'
                THEN b.values ->> 'laestab' ELSE e.laestab END,
            has_sixth_form = CASE WHEN b.values ? 'has_sixth_form'
                THEN (b.values ->> 'has_sixth_form')::boolean ELSE e.has_sixth_form END,
            extra = b.values -> 'extra'
        FROM schools_registerbefore b WHERE b.run_id = %s AND b.establishment_id = e.id
        """,
        [run.pk],
    )


def _remove_added(run):
    """Delete the added rows that nothing points at; return what stays, in words, and the number."""
    columns = ("code", "name", "scheme", "school_id", "added_by_id")
    added = {row.pk: row for row in run.added.only(*columns)}
    holders = _holders(run, added)
    gone = sorted(added.keys() - holders.keys())
    for start in range(0, len(gone), AT_ONCE):
        some = gone[start : start + AT_ONCE]
        Establishment.objects.filter(pk__in=some).delete()
        schools = School.objects.filter(pk__in={added[pk].school_id for pk in some})
        schools.filter(establishments=None).delete()
    run.added.update(line_hash="")
    kept = sorted(holders, key=lambda pk: added[pk].code)
    return [_stays(added[pk], holders[pk]) for pk in kept], len(gone)


def _stays(row, holders):
    things = Counter(model._meta for model, _ in holders)
    said = [
        f"{number:,} {meta.verbose_name if number == 1 else meta.verbose_name_plural}"
        for meta, number in sorted(things.items(), key=lambda thing: thing[0].label)
    ]
    return f"{row.scheme} {row.code} {row.name} stays: {', '.join(said)}"


def _holders(run, added):
    """For each added row that is in use, the (model, pk) of what points at it or its school."""
    holders = defaultdict(set)
    for pk, thing in _pointing_at(Establishment, list(added)):
        holders[pk].add(thing)
    others = Establishment.objects.exclude(added_by=run).values("school_id")
    own = run.added.exclude(school_id__in=others)
    rows = defaultdict(list)
    for pk, school_id in own.values_list("pk", "school_id"):
        rows[school_id].append(pk)
    for school_id, thing in _pointing_at(School, list(rows)):
        for pk in rows[school_id]:
            holders[pk].add(thing)
    return holders


def _pointing_at(target, pks):
    """Yield (pk, (model, its pk)) for whatever holds one of the rows, in any app."""
    for model, field in _foreign_keys(target):
        its_own = field.remote_field.on_delete is models.SET_NULL
        if model in REGISTER or (its_own and model._meta.app_label == "schools"):
            continue
        rows = model._base_manager.filter(**{f"{field.attname}__in": pks})
        for pk, key in rows.values_list(field.attname, "pk"):
            yield pk, (model, key)


def _foreign_keys(target):
    return [
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is target
    ]


def _remove_codes(run):
    """Delete the codes that the run added and that nothing uses; returns the trusts among them."""
    unused = set(RegisterCode.objects.filter(added_by=run).values_list("pk", flat=True))
    for model, field in _foreign_keys(RegisterCode):
        rows = model._base_manager.filter(**{f"{field.attname}__in": list(unused)})
        unused -= set(rows.values_list(field.attname, flat=True).distinct())
    rows = RegisterCode.objects.filter(pk__in=unused)
    trusts = list(rows.filter(list="trust").order_by("pk").values_list("code", flat=True))
    rows._raw_delete("default")
    return trusts


def _remove_trusts(numbers):
    """Delete the groups of these numbers that nothing but the register named, or points at."""
    named = Group.objects.filter(uid__in=numbers).only_named().values_list("pk", flat=True)
    held = {pk for pk, _ in _pointing_at(Group, list(named))}
    Group.objects.filter(pk__in=set(named) - held).delete()
