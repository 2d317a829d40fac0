"""Joined schools, seen from the partnerships that work with them."""

from datetime import date

import pytest
from django.utils import timezone

from core import scope
from partnerships.models import SchoolLink
from partnerships.tests.factories import make_link, make_partnership, make_school
from schools.lineage import join_schools, part_schools
from schools.models import EstablishmentLink, LoadedFile, RegisterRun

pytestmark = pytest.mark.django_db


def make_run():
    now = timezone.now()
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "closed", "missing"), 0)
    return RegisterRun.objects.create(
        started_at=now, finished_at=now, file_name="r.csv", file_hash="", mapping="", **counts
    )


def make_file():
    counts = dict.fromkeys(("rows", "new", "changed", "gone"), 0)
    return LoadedFile.objects.create(kind="links", loaded_at=timezone.now(), **counts)


@pytest.fixture
def conversion(db):
    """A school that closed and the academy that it became, as two Schools."""
    old = make_school("Old Mill School", standing="closed", closed_on=date(2019, 8, 31))
    new = make_school("Mill Academy", opened_on=date(2019, 9, 1))
    EstablishmentLink.objects.create(
        code=old.current.code, linked_code=new.current.code, type="Successor"
    )
    return old, new


def test_what_others_point_at_stays_and_the_rest_follows(conversion, partnership):
    old, new = conversion
    other = make_partnership("Far Away")
    ours, theirs = make_link(partnership, new), make_link(other, old)

    with scope.person(None):
        join_schools()

    kept = {SchoolLink.objects.get(pk=link.pk).school_id for link in (ours, theirs)}
    assert kept == {old.pk}


def test_two_schools_of_one_partnership_stay_two(conversion, partnership):
    links = [make_link(partnership, school) for school in conversion]

    assert join_schools() == 0
    assert [link.school for link in links] == list(conversion)


@pytest.mark.parametrize("cause", ["run", "file"])
def test_what_followed_when_schools_were_joined_is_put_back(conversion, partnership, cause):
    old, new = conversion
    theirs = make_link(make_partnership("Far Away"), old)
    link = make_link(partnership, new)
    why = {cause: make_run() if cause == "run" else make_file()}
    assert join_schools(**why) == 1

    assert part_schools(**why) == 1

    for row, school in ((link, new), (theirs, old)):
        row.refresh_from_db()
        assert row.school == school
