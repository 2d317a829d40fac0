"""What a partnership attached to a school outlives the register file that brought the school."""

import pytest

from partnerships.models import SchoolLink
from partnerships.tests.factories import make_link, make_partnership
from schools.models import Establishment, School
from schools.register import import_file, undo_run
from schools.tests import extract
from schools.tests.extract import row, rows

pytestmark = pytest.mark.django_db


def test_what_was_attached_since_stays_and_is_listed():
    import_file(extract.extract(*rows(20)))
    run = import_file(extract.extract(*rows(20), row("900031", "Newly"), row("900032"))).run
    link = make_link(make_partnership(), school=School.objects.get(current__code="900031"))

    undo_run(run, by=None)

    assert run.kept == ["URN 900031 Newly stays: 1 school link"]
    assert SchoolLink.objects.get() == link
    assert Establishment.objects.filter(code__in=["900031", "900032"]).count() == 1
    assert import_file(extract.extract(*rows(20), row("900031", "Newly"))).run.new == 0
