"""What a file that is only looked at would add, join and lack, and when it is let go."""

import pytest
from django.core.files.storage import default_storage

from core.models import AuditEvent
from schools.models import (
    Establishment,
    EstablishmentLink,
    RegisterJoin,
    RegisterMissing,
    RegisterNew,
)
from schools.register import apply_run, drop_run, import_file, preview_file, undo_run
from schools.tests import extract
from schools.tests.extract import CLOSED, row, rows

pytestmark = pytest.mark.django_db
KEPT = (RegisterNew, RegisterJoin, RegisterMissing)


def file(*schools, day=18):
    return extract.extract(*schools, name=f"edubasealldata202611{day:02}.csv")


def follow(before, after, type="Successor"):
    EstablishmentLink.objects.create(code=before, linked_code=after, type=type)


def left(run):
    """How much of a look is still kept."""
    return [model.objects.filter(run=run).count() for model in KEPT]


def test_a_look_names_the_rows_that_are_new_and_those_that_are_missing(reader):
    import_file(file(*rows(20), day=1))

    run = preview_file(file(*rows(19), row("900031", "Newly \\ New")))
    looked = list(
        run.foreseen.values_list("code", "name", "laestab", "type", "authority", "status")
    )
    lacking = list(run.lacks.values_list("establishment__code", flat=True))
    apply_run(run, by=reader)

    assert (run.new, run.missing) == (1, 1)
    assert looked == [
        ("900031", "Newly \\ New", "2010031", "Academy converter", "Wexshire", "Open")
    ]
    assert lacking == ["900020"]
    assert left(run) == [0, 0, 1]
    assert [added.code for added in run.added.all()] == ["900031"]
    undo_run(run, by=reader)
    assert Establishment.objects.count() == 20


def test_a_file_with_few_columns_is_looked_at_too():
    import_file(file(*rows(2)))
    few = extract.extract(*rows(2), row("900031"), header=["EstablishmentName", "URN"])

    run = preview_file(few)

    assert run.foreseen.get().name == "Saltmere Academy"
    assert (run.foreseen.get().type, run.changes.count()) == ("", 0)


def closing_and_opening():
    """Before and after: a plain pair, a chain, two held, two new; a split, a merger, one open."""
    before = [row(f"90000{n}", f"School {n}") for n in range(1, 9)]
    after = [row(f"90000{n}", f"School {n}", **CLOSED) for n in range(1, 8)] + before[7:]
    after += [row(f"90001{n}", f"Academy {n}") for n in (1, 3, 4, 5, 6, 8)]
    after += [row("900012", "Academy 2", **CLOSED)]
    after += [row("900020", "Came closed", **CLOSED), row("900021", "Came open")]
    follow("900001", "900011")
    follow("900012", "900002", "Predecessor")
    follow("900012", "900013")
    follow("900003", "900008")
    follow("900020", "900021")
    for half in ("900014", "900015"):
        follow("900004", half, "Successor - Split School")
    follow("900005", "900016", "Successor - merged")
    follow("900006", "999999")
    follow("900008", "900018")
    return before, after


def test_what_is_foreseen_to_go_on_is_what_goes_on(reader):
    before, after = closing_and_opening()
    import_file(file(*before, day=1))

    run = preview_file(file(*after))
    foreseen = list(run.joins.values_list("before_code", "after_code"))
    schools = [(join.before_school_id, join.after_school_id) for join in run.joins.all()]
    was = dict(Establishment.objects.values_list("code", "school"))
    apply_run(run, by=reader)

    assert foreseen == [
        ("900001", "900011"),
        ("900002", "900012"),
        ("900003", "900008"),
        ("900012", "900013"),
        ("900020", "900021"),
    ]
    school = dict(Establishment.objects.values_list("code", "school"))
    assert all(school[one] == school[other] for one, other in foreseen)
    assert len(set(school.values())) == len(school) - len(foreseen)
    assert len(set(was.values())) == 8
    assert schools == [(was.get(one), was.get(other)) for one, other in foreseen]
    assert run.changes.filter(field="school").count() == len(foreseen)


def test_what_was_overtaken_is_let_go_with_its_file_and_says_why(
    reader, django_capture_on_commit_callbacks
):
    import_file(file(*rows(20), day=1))
    run = preview_file(file(*rows(19), row("900031"), day=2))
    name = run.file.name

    with django_capture_on_commit_callbacks(execute=True):
        later = import_file(file(*rows(20), row("900099"), day=3), by=reader).run

    run.refresh_from_db()
    assert (run.state, left(run), run.changes.count()) == ("dropped", [0, 0, 0], 0)
    assert run.dropped_because == "edubasealldata20261103.csv was applied first."
    assert not default_storage.exists(name)
    event = AuditEvent.objects.get(action="register.dropped")
    assert (event.actor_id, event.changes) == (reader.pk, {"overtaken_by": later.pk})
    again = preview_file(file(*rows(19), row("900031"), day=2))
    undo_run(later, by=reader)
    again.refresh_from_db()
    assert again.dropped_because == "edubasealldata20261103.csv was undone first."


def test_a_file_that_is_let_go_by_hand_keeps_nothing_and_says_why(reader):
    import_file(file(*rows(20), day=1))
    run = preview_file(file(*rows(19), row("900031"), day=2))

    drop_run(run, by=reader)

    run.refresh_from_db()
    assert left(run) == [0, 0, 0]
    assert run.dropped_because == "A site administrator chose not to apply it."


def test_a_trial_names_the_rows_and_keeps_none():
    before, after = closing_and_opening()
    import_file(file(*before, day=1))

    lines = list(import_file(file(*after[:-1]), dry_run=True).in_words())

    assert "        4 gone on under a new number" in lines
    assert "New (8):" in lines
    assert "  School 1 (URN 900001) goes on as Academy 1 (URN 900011)" in lines
    assert not any(model.objects.exists() for model in KEPT)
