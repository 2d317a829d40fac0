"""The page of one register file: what it does at our schools, and each row that it counts."""

import csv

import pytest

from dashboards import run_lists
from partnerships.models import SchoolLink
from partnerships.tests.factories import make_lead, make_link
from schools.lineage import import_links, undo_links
from schools.models import Establishment, EstablishmentLink
from schools.register import apply_run, import_file, preview_file
from schools.tests import extract
from schools.tests.extract import CLOSED, row, rows

pytestmark = pytest.mark.django_db
NAMED = ["Mill School", "Hill School", "Weir School", "Bank School", "Gone School", "Quiet School"]


def file(*schools, day=18):
    return extract.extract(*schools, name=f"edubasealldata202611{day:02}.csv")


def follow(before, after, type="Successor"):
    EstablishmentLink.objects.create(code=before, linked_code=after, type=type)


@pytest.fixture
def ours(partnership):
    """Six schools of the register that the partnership works with, by the end of their number."""
    import_file(file(*(row(f"90000{n}", name) for n, name in enumerate(NAMED, start=1)), day=1))
    rows = Establishment.objects.order_by("code").select_related("school")
    return [make_link(partnership, one.school) for one in rows]


@pytest.fixture
def looked(ours):
    """A file in which one of ours goes on elsewhere, one was merged, two are both ours."""
    follow("900001", "900011")
    follow("900002", "900012", "Successor - merged")
    follow("900003", "900004")
    closed = [row(f"90000{n}", NAMED[n - 1], **CLOSED) for n in (1, 2, 3)]
    kept = [row("900004", "Bank School"), row("900006", "Quiet School")]
    new = [row("900011", "Mill Academy"), row("900012", "Both Academy")]
    return preview_file(file(*closed, *kept, *new), force_reason="a school is gone")


def page_of(client, run, tail=""):
    return client.get(f"{run.get_absolute_url()}{tail}")


def told(response):
    """The sentences by school."""
    return {entry.row.name: entry.sentences for entry in response.context["impact"].entries}


def lines(response):
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return [line for line in csv.reader(body.splitlines()) if line and line[0][:1] != "#"]


def test_the_impact_says_how_each_of_our_schools_goes_on(as_user, manager, looked):
    response = page_of(as_user(manager), looked)

    later = "Once the file is applied, the partnership is asked how it goes on."
    assert told(response) == {
        "Mill School": ["Closed.", "Its history goes on at Mill Academy (URN 900011)."],
        "Hill School": ["Closed.", f"It was merged with another school. {later}"],
        "Weir School": ["Closed.", f"Both are schools of yours. {later}"],
        "Gone School": ["URN 900005 is not in this file. It is kept as it is."],
    }
    assert response.context["impact"].schools == 4
    counts = {kind.name: number for kind, number in response.context["kinds"] if number}
    assert counts == {"new": 2, "closed": 3, "joined": 1, "missing": 1}


def test_what_was_said_comes_about_and_a_manager_may_decide(
    as_user, manager, officer, looked, partnership
):
    apply_run(looked, by=None)

    pages = [page_of(as_user(user), looked) for user in (manager, officer)]

    links = SchoolLink.objects.filter(partnership=partnership)
    to_decide = links.filter(school__current__code__in=("900002", "900003"))
    decide = [{entry.decide for entry in page.context["impact"].entries} - {None} for page in pages]
    assert decide == [set(to_decide), set()]
    mill = links.get(school__current__code="900011").school
    assert [row.code for row in mill.establishments.order_by("code")] == ["900001", "900011"]
    assert "The history of Mill School (URN 900001) goes on here." in str(told(pages[1]))


def test_links_loaded_since_are_said_until_they_are_undone(as_user, manager, officer):
    run = preview_file(file(row()))
    links = extract.Extract(b"URN,LinkURN,LinkType\n900001,900002,Successor\n", "links.csv")
    loaded, client = import_links(links).file, as_user(manager)

    before = page_of(client, run).context["links_since"]
    undo_links(loaded, by=officer)

    assert (before, page_of(client, run).context["links_since"]) == (loaded, None)


def test_others_learn_nothing_of_who_works_where(as_user, outsider, ours, looked):
    lead_of_gone, lead_of_quiet = make_lead(ours[4]).user, make_lead(ours[5]).user

    seen = [told(page_of(as_user(user), looked)) for user in (outsider, lead_of_quiet)]

    assert seen == [{}, {}]
    assert list(told(page_of(as_user(lead_of_gone), looked))) == ["Gone School"]


def test_every_row_that_is_counted_is_listed_before_and_after(as_user, manager, looked):
    client = as_user(manager)
    before = [page_of(client, looked, f"?kind={kind}").content for kind in ("new", "missing")]
    joins = page_of(client, looked, "?kind=joined").content.decode()
    files = [
        lines(page_of(client, looked, f"download/?kind={kind}")) for kind in ("new", "missing")
    ]

    apply_run(looked, by=None)

    assert b"Mill School (URN 900001) goes on here" in before[0]
    assert b"Gone School" in before[1]
    assert "Mill Academy" in joins
    assert files[0][1:] == [
        ["900011", "Mill Academy", "2010011", "Academy converter", "Wexshire", "Open"],
        ["900012", "Both Academy", "2010012", "Academy converter", "Wexshire", "Open"],
    ]
    after = [
        lines(page_of(client, looked, f"download/?kind={kind}")) for kind in ("new", "missing")
    ]
    assert after == files
    school = Establishment.objects.get(code="900012").school
    assert school.get_absolute_url() in page_of(client, looked, "?kind=new").content.decode()


@pytest.mark.parametrize("kind", ["new", "missing", "joined"])
def test_pages_hold_each_row_once_with_as_many_queries(
    as_user, manager, kind, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(run_lists, "PER_PAGE", 3)
    import_file(file(*rows(8), day=1))
    for n in range(1, 5):
        follow(f"90000{n}", f"90010{n}")
    closed = [row(f"90000{n}", f"School {n - 1}", **CLOSED) for n in range(1, 5)]
    new = [row(f"90010{n}", f"Academy {n}") for n in range(1, 5)]
    run = preview_file(file(*closed, *new))
    client = as_user(manager)
    seen, tail = [], f"?kind={kind}"

    for _ in range(2):
        with django_assert_max_num_queries(16):
            response = page_of(client, run, tail)
        seen.append(len(response.context["lines"]))
        tail = f"?kind={kind}&after={response.context['after']}"

    assert (seen, response.context["after"]) == ([3, 1], None)
