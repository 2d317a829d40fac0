"""A file looked at first, then applied or dropped; the last one applied, taken back."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from schools.lineage import import_links
from schools.models import (
    Establishment,
    Group,
    GroupMembership,
    RegisterChange,
    RegisterCode,
    RegisterRun,
    School,
)
from schools.register import (
    HEADER,
    Refused,
    SameFile,
    apply_run,
    drop_run,
    import_file,
    preview_file,
    undo_run,
)
from schools.tests import extract
from schools.tests.extract import CLOSED, row, rows

pytestmark = pytest.mark.django_db
State = RegisterRun.State


def facts():
    """Every column of every row of the register, but the hashes of the lines read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg((to_jsonb(e) - 'line_hash')::text, ' ' ORDER BY id)) "
            "FROM schools_establishment e UNION ALL "
            "SELECT md5(string_agg(s::text, ' ' ORDER BY id)) FROM schools_school s UNION ALL "
            "SELECT md5(string_agg(k::text, ' ' ORDER BY id)) FROM schools_registercode k"
        )
        return [found for (found,) in cursor.fetchall()]


def first():
    return extract.extract(*rows(20), name="edubasealldata20261101.csv")


def second():
    """One school closes and moves trust, one is renamed, one is gone, one is new."""
    trust = {"Trusts (code)": "77", "Trusts (name)": "Coast Trust"}
    changed = [
        row("900001", "School 0", NumberOfPupils="", **CLOSED, **trust),
        row("900002", "Weir \\ College", **{"Gender (code)": "3", "Gender (name)": "Both"}),
    ]
    odd = dict.fromkeys(("Aside",), "Curious")
    new = {**row("900031", "Newly"), **odd}
    return extract.extract(*changed, *rows(19)[2:], new, header=[*HEADER, "Aside"])


def test_a_look_keeps_what_would_change_and_leaves_the_register(reader):
    import_file(first())
    before = facts()

    run = preview_file(second(), by=reader, origin=RegisterRun.Origin.PAGE)

    assert facts() == before
    assert (run.state, run.origin, run.by) == ("previewed", "page", reader)
    assert (run.rows, run.new, run.changed, run.closed, run.missing) == (20, 1, 2, 1, 1)
    changes = run.changes.order_by("establishment", "field")
    assert list(changes.values_list("field", "old", "new")) == [
        ("pupils", "1050", ""),
        ("status", "Open", "Closed"),
        ("trust", "", "Coast Trust"),
        ("name", "School 1", "Weir \\ College"),
    ]
    assert RegisterRun.objects.last_applied() != run
    assert default_storage.exists(run.file.name)


def test_what_was_looked_at_is_applied_as_it_was(reader):
    import_file(first())
    run = preview_file(second())
    kept = list(run.changes.values_list("field", "old", "new", "old_raw"))

    result = apply_run(run, by=reader)

    applied = RegisterRun.objects.get(pk=run.pk)
    assert result.run == applied == RegisterRun.objects.last_applied()
    assert (applied.state, applied.by, applied.file.name) == ("applied", reader, "")
    assert list(applied.changes.values_list("field", "old", "new", "old_raw")) == kept
    assert Establishment.objects.get(code="900001").trust.name == "Coast Trust"
    assert Establishment.objects.get(code="900031").extra == {"Aside": "Curious"}
    assert AuditEvent.objects.filter(action="register.imported", actor_id=reader.pk).exists()
    assert import_file(second()).same_file


def test_a_look_is_out_of_date_when_another_file_was_applied(reader):
    import_file(first())
    run = preview_file(second())
    import_file(extract.extract(*rows(20), row("900099")))

    with pytest.raises(Refused, match=r"The register has changed since .* was looked at"):
        apply_run(run, by=reader)


def test_a_dropped_run_is_gone_with_its_file(reader, django_capture_on_commit_callbacks):
    run = preview_file(first())
    name = run.file.name

    with django_capture_on_commit_callbacks(execute=True):
        drop_run(run, by=reader)

    assert (run.state, run.changes.count(), default_storage.exists(name)) == ("dropped", 0, False)
    for act in (apply_run, drop_run):
        with pytest.raises(Refused, match=r"somebody has acted on it \(not applied\)"):
            act(run, by=reader)
    assert not School.objects.exists()


def test_the_file_that_the_register_stands_at_is_not_looked_at_again():
    import_file(first())

    with pytest.raises(SameFile, match="Same file as the last import"):
        preview_file(first())


def test_an_undone_run_leaves_the_register_as_it_was(reader):
    import_file(first())
    before = facts()
    run = import_file(second()).run
    assert facts() != before

    undone = undo_run(run, by=reader)

    assert facts() == before
    assert (undone.state, undone.undone_by, undone.kept) == ("undone", reader, [])
    assert AuditEvent.objects.get(action="register.undone").actor_id == reader.pk
    assert RegisterRun.objects.last_applied() != run


def test_an_undone_file_is_read_again_and_changes_the_same(reader):
    import_file(first())
    run = import_file(second()).run
    after = facts()
    undo_run(run, by=reader)

    again = import_file(second())

    names = ("rows", "new", "changed", "closed", "missing")
    assert not again.same_file
    assert [getattr(again.run, name) for name in names] == [getattr(run, name) for name in names]
    assert Establishment.objects.get(code="900002").name == "Weir \\ College"
    undo_run(again.run, by=reader)
    assert facts() != after


def test_only_the_last_applied_run_can_be_undone(reader):
    run = import_file(first()).run
    later = import_file(second()).run

    with pytest.raises(Refused) as caught:
        undo_run(run, by=reader)

    assert str(caught.value) == (
        "edubasealldata20261101.csv cannot be undone: edubasealldata20261118.csv was applied "
        "after it. Undo that one first."
    )
    undo_run(later, by=reader)
    undo_run(run, by=reader)
    assert not Establishment.objects.exists()
    assert not School.objects.exists()
    assert not RegisterCode.objects.exists()


def test_undoing_asks_no_more_for_more_rows(reader):
    queries = []
    for number in (2, 30):
        run = import_file(extract.extract(*rows(number))).run
        with CaptureQueriesContext(connection) as asked:
            undo_run(run, by=reader)
        queries.append(len(asked))

    assert queries[0] == queries[1]


def test_a_move_to_another_school_is_put_back(reader):
    import_file(first())
    run = import_file(second()).run
    mover, other = Establishment.objects.order_by("code")[2:4]
    old = mover.school
    RegisterChange.objects.create(run=run, establishment=mover, field="school", old_raw=old.pk)
    Establishment.objects.filter(pk=mover.pk).update(school=other.school)
    School.objects.filter(pk=old.pk).update(joined_to=other.school, current=None, standing="")

    undo_run(run, by=reader)

    school = School.objects.get(pk=old.pk)
    assert (school.name, school.current, school.standing) == ("School 2", mover, "open")
    other.school.refresh_from_db()
    assert other.school.name == "School 3"


def test_undo_after_links_were_loaded_leaves_the_school_as_its_own_row_says(reader, tmp_path):
    import_file(extract.extract(row("900001", "Old School", **CLOSED), *rows(20)[2:]))
    run = import_file(
        extract.extract(row("900001", "Old School", **CLOSED), row("900002"), *rows(20)[2:])
    ).run
    links = tmp_path / "links.csv"
    links.write_text("URN,LinkURN,LinkType\n900001,900002,Successor\n")
    import_links(links)

    undo_run(run, by=reader)

    old = Establishment.objects.get(code="900001")
    assert (old.school.name, old.school.standing, old.school.current) == (
        "Old School",
        "closed",
        old,
    )


def test_a_trust_goes_and_has_its_name_back_with_the_file_that_named_it(reader):
    def file(*trusts):
        held = zip(rows(20), trusts + (("", ""),) * 20, strict=False)
        return extract.extract(
            *(one | {"Trusts (code)": code, "Trusts (name)": name} for one, (code, name) in held)
        )

    import_file(file(("70", "Old Trust")))
    run = import_file(file(("70", "Renamed"), *((n, n) for n in ("71", "72", "73")))).run
    GroupMembership.objects.create(group=Group.objects.get(uid="72"), code="900003")
    Group.objects.filter(uid="73").update(group_id="TR00073")

    undo_run(run, by=reader)

    groups = Group.objects.order_by("uid").values_list("uid", "name")
    assert list(groups) == [("70", "Old Trust"), ("72", "72"), ("73", "73")]


def test_a_new_lowest_age_reaches_what_lists_are_narrowed_by(reader):
    blank = {"OfficialSixthForm (code)": "", "OfficialSixthForm (name)": ""}
    import_file(extract.extract(row(StatutoryLowAge="16", StatutoryHighAge="19", **blank)))

    import_file(extract.extract(row(StatutoryLowAge="19", StatutoryHighAge="25", **blank)))

    found = Establishment.objects.get()
    assert found.school.has_sixth_form == found.has_sixth_form
