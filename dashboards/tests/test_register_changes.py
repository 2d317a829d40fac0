"""What the register changed at a partnership's schools: the page, the file, the word at home."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from dashboards import register_changes
from partnerships.models import SchoolLink
from partnerships.tests.factories import make_link, make_partnership, make_school
from schools import actions, tasks
from schools.models import Establishment
from schools.register import import_file
from schools.tests import extract
from schools.tests.extract import rows
from schools.tests.factories import make_change, make_run

pytestmark = pytest.mark.django_db


def page_of(partnership, tail=""):
    return f"/partnerships/{partnership.pk}/register-changes/{tail}"


def text_of(response):
    return " ".join(response.content.decode().split())


def sentences(response):
    return [sentence for entry in response.context["entries"] for sentence in entry.sentences]


def test_what_happened_is_said_in_words(as_user, viewer, partnership, link):
    run = make_run()
    for field, old, new in [
        ("authority", "Wexshire", "West Wexshire"),
        ("closed_on", "", "2026-08-31"),
        ("name", "Saltmere School", "Saltmere Academy"),
        ("phase", "Middle deemed secondary", "Secondary"),
        ("reason_closed", "", "For Academy"),
        ("status", "Open", "Closed"),
        ("trust", "Harbour Trust", "Hills Trust"),
        ("town", "Saltmere", "Ketterby"),
    ]:
        make_change(run, link.school, field, old, new)

    response = as_user(viewer).get(page_of(partnership))

    assert sentences(response) == [
        "Closed on 31 August 2026: For Academy.",
        "Renamed Saltmere Academy (was Saltmere School).",
        "Joined the trust Hills Trust (was Harbour Trust).",
        "Its phase is now Secondary (was Middle deemed secondary).",
        "Moved to the authority West Wexshire (was Wexshire).",
    ]
    assert "Town: Ketterby <span" in text_of(response)
    assert "(was Saltmere)</span>" in text_of(response)


def test_the_newest_applied_file_is_first_and_small_changes_are_folded(
    as_user, viewer, partnership, link
):
    for state, name in [("applied", "A"), ("applied", "B"), ("previewed", "C"), ("undone", "D")]:
        make_change(make_run(state), link.school, "name", "Old", name)
    make_change(make_run(), link.school, "pupils", "1050", "1061")
    client = as_user(viewer)

    important = client.get(page_of(partnership))
    every = client.get(page_of(partnership, "?show=all"))

    assert sentences(important) == ["Renamed B (was Old).", "Renamed A (was Old)."]
    assert len(every.context["entries"]) == 3
    assert every.context["entries"][0].others == [("Pupils", "1050", "1061")]


def test_only_our_schools_are_there_and_members_alone_see_them(
    as_user, manager, outsider, school_lead, partnership, link
):
    run = make_run()
    make_change(run, link.school, "name", "Old", "Ours")
    make_change(run, make_link(make_partnership("Other")).school, "name", "Old", "Theirs")

    ours = as_user(manager).get(page_of(partnership))

    assert sentences(ours) == ["Renamed Ours (was Old)."]
    for stranger in (outsider, school_lead):
        assert as_user(stranger).get(page_of(partnership)).status_code == 404
        assert as_user(stranger).get(page_of(partnership, "download/")).status_code == 404


def test_pages_go_through_every_entry_once_with_as_many_queries(
    as_user, viewer, partnership, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(register_changes, "PER_PAGE", 2)
    schools = [make_link(partnership, make_school(f"School {n}")).school for n in range(3)]
    runs = [make_run(), make_run()]
    for run in runs:
        for school in schools:
            make_change(run, school, "name", "Old", f"{school} {run.pk}")
    client, seen, address = as_user(viewer), [], page_of(partnership)
    client.get(address)

    for _ in range(3):
        with django_assert_max_num_queries(8):
            response = client.get(address)
        seen += [(entry.run, entry.row.school) for entry in response.context["entries"]]
        address = page_of(partnership, f"?after={response.context['after']}")

    assert seen == [(run, school) for run in reversed(runs) for school in schools]
    assert response.context["after"] is None


def test_the_file_holds_the_rows_of_the_page_and_is_noted(as_user, viewer, partnership, link):
    run = make_run(extracted_on="2026-11-18")
    make_change(run, link.school, "name", "Old", "=New()")
    make_change(run, link.school, "town", "Saltmere", "Ketterby")
    client = as_user(viewer)

    important = client.get(page_of(partnership, "download/")).getvalue().decode("utf-8-sig")
    every = client.get(page_of(partnership, "download/?show=all")).getvalue().decode("utf-8-sig")

    rows = [row for row in csv.reader(important.splitlines()) if row and row[0][:1] != "#"]
    code = link.school.current.code
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert rows == [
        [
            "Loaded on",
            "Register as at",
            "School",
            "Register",
            "Number",
            "What changed",
            "Was",
            "Is",
        ],
        [today, "2026-11-18", "Saltmere Academy", "URN", code, "Name", "Old", "'=New()"],
    ]
    assert '"Town","Saltmere","Ketterby"' in every
    event = AuditEvent.objects.first()
    assert (event.action, event.partnership_id) == ("register_changes.exported", partnership.pk)
    assert event.changes == {"important": False, "rows": 2}


def test_a_manager_is_told_at_home_for_thirty_days(
    as_user, manager, officer, partnership, link, django_assert_num_queries
):
    run = make_run()
    make_change(run, link.school, "trust", "", "Hills Trust")
    today = timezone.localdate()

    list(SchoolLink.objects.visible_to(manager))
    with django_assert_num_queries(1):
        told = register_changes.noticed(manager, today)

    assert told == [(partnership, 1)]
    assert register_changes.noticed(officer, today) == []
    assert register_changes.noticed(manager, today + timedelta(days=31)) == []
    assert "The register changed 1 school of Three Rivers" in text_of(as_user(manager).get("/"))


def test_a_file_shows_all_of_the_register_and_only_our_schools(
    as_user, manager, school_lead, site_admin, partnership, link
):
    run = make_run("previewed", changed=2, closed=1)
    make_change(run, link.school, "status", "Open", "Closed")
    make_change(run, make_school("Ketterby High"), "trust", "", "Hills Trust")
    address = f"/schools/register/runs/{run.pk}/"

    pages = {who: as_user(who).get(address) for who in (manager, school_lead, site_admin)}

    for response in pages.values():
        counts = {kind.name: n for kind, n in response.context["kinds"] if n}
        assert counts == {"closed": 1, "trust": 1}
        assert len(response.context["lines"]) == 2
    ours = [pages[who].context["impact"].schools for who in (manager, school_lead, site_admin)]
    assert ours == [1, 1, 0]
    assert "Apply these 2 changes" in text_of(pages[site_admin])
    assert "Apply these" not in text_of(pages[manager])
    assert "At your schools" not in text_of(pages[site_admin])
    only = as_user(manager).get(f"{address}?kind=trust").context["lines"]
    assert [change["is"] for change in only] == ["Hills Trust"]


def test_what_is_in_use_stays_when_a_file_is_undone_and_is_told_to_who_undid_it(
    as_user, manager, site_admin, partnership
):
    loaded = import_file(extract.extract(*rows(2))).run
    link = make_link(partnership, Establishment.objects.get(code="900001").school)

    undo = actions.undo_run(loaded, by=site_admin)
    tasks.undo_run(undo.pk)

    loaded.refresh_from_db()
    assert (loaded.state, len(loaded.kept)) == ("undone", 1)
    assert Establishment.objects.get().school == link.school
    told = {
        who: loaded.kept[0] in text_of(as_user(who).get(loaded.get_absolute_url()))
        for who in (site_admin, manager)
    }
    assert told == {site_admin: True, manager: False}
