from datetime import date

import pytest

from partnerships.models import Membership, SchoolLink, SchoolLinkStatus
from partnerships.tests.factories import make_hub, make_link, make_school

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 18)


def test_links_of_another_partnership_are_not_visible(link, other_partnership, officer, outsider):
    theirs = make_link(other_partnership, link.school)

    assert list(SchoolLink.objects.visible_to(officer)) == [link]
    assert list(SchoolLink.objects.visible_to(outsider)) == [theirs]
    assert list(SchoolLinkStatus.objects.visible_to(outsider)) == [theirs.statuses.get()]


def test_where_status_looks_at_one_status_of_the_day(partnership, hub, link):
    late = make_link(partnership, hub=hub, starts_on=date(2026, 12, 1))
    other = make_link(partnership, hub=make_hub(partnership, "Moor hub"), targeted=True)

    assert list(SchoolLink.objects.of_hub(hub, DAY)) == [link]
    assert list(SchoolLink.objects.where_status(DAY, hub=hub, targeted=True)) == [link]
    assert set(SchoolLink.objects.where_status(DAY, targeted=True)) == {link, other}
    assert set(SchoolLink.objects.of_hub(hub, date(2026, 12, 1))) == {link, late}
    assert set(SchoolLink.objects.served_on(DAY)) == {link, other}


def test_with_status_gives_the_status_of_the_day(link, hub, django_assert_num_queries):
    with django_assert_num_queries(2):
        [row] = SchoolLink.objects.with_status(DAY)

        assert row.status.hub == hub
        assert SchoolLink.objects.none().with_status(DAY).first() is None


def test_with_status_is_none_where_work_has_not_begun(link):
    assert SchoolLink.objects.with_status(date(2019, 1, 1)).get().status is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("saltm", True),
        ("academy SALTMERE", True),
        ("Saltmere bay", True),
        ("sáltmere", True),
        ("", True),
        ("ketterby", False),
        ("%", False),
        ("\x00", True),
    ],
)
def test_matching_needs_every_word(partnership, words, found):
    link = make_link(partnership, make_school("Saltmere Academy", town="Bay"))

    assert list(SchoolLink.objects.matching(words)) == ([link] if found else [])


def test_matching_finds_by_number(link):
    assert SchoolLink.objects.matching(link.school.current.code).get() == link


def test_after_and_before_follow_the_names(partnership):
    a, b, c = (make_link(partnership, make_school(name)) for name in ("Ash", "Éden", "Elm"))

    assert list(SchoolLink.objects.all()) == [a, b, c]
    assert list(SchoolLink.objects.all().after(b)) == [c]
    assert list(SchoolLink.objects.all().before(b)) == [a]


def test_live_members_are_those_whose_role_has_not_ended(officer, manager):
    officer.memberships.update(ended_on=DAY)

    assert list(Membership.objects.live()) == [manager.memberships.get()]
