"""What is refused in words: days that nobody meant, and what a role no longer allows."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from core.models import Job
from partnerships import actions
from partnerships.models import Membership, Role, SchoolLinkStatus
from partnerships.tests.factories import make_school

STATUS = {"hub": None, "hub_school": False, "targeted": False, "level": "", "owner": None}
FAR = [
    (date(9999, 12, 31), "31 December 9999 is more than 5 years ahead. Check the year."),
    (date(2040, 1, 1), "1 January 2040 is more than 5 years ahead. Check the year."),
]
LONG_AGO = (date(1066, 10, 14), "14 October 1066 lies outside the years kept here. Check the year.")


@pytest.mark.parametrize(("day", "said"), [*FAR, LONG_AGO])
def test_link_school_refuses_a_year_that_nobody_meant(day, said, partnership, manager):
    with pytest.raises(actions.Refused) as refusal:
        actions.link_school(partnership, make_school(), starts_on=day, by=manager)

    assert str(refusal.value) == said
    assert not SchoolLinkStatus.objects.exists()


@pytest.mark.parametrize(("day", "said"), FAR)
def test_change_status_and_end_school_refuse_a_year_that_nobody_meant(day, said, link, manager):
    with pytest.raises(actions.Refused) as changed:
        actions.change_status(link, starts_on=day, by=manager, **STATUS)
    with pytest.raises(actions.Refused) as ended:
        actions.end_school(link, on=day, by=manager)

    assert str(changed.value) == str(ended.value) == said
    assert SchoolLinkStatus.objects.get().ends_on is None


def test_change_status_next_year_is_fine(link, manager):
    ahead = timezone.localdate() + timedelta(days=365)

    status = actions.change_status(link, starts_on=ahead, by=manager, **STATUS)

    assert status.starts_on == ahead


def test_a_year_that_nobody_meant_is_said_on_the_form(as_user, manager, link):
    url = reverse("partnerships:change_status", args=[link.pk])

    page = as_user(manager).post(url, {"starts_on": "9999-12-31"})

    assert FAR[0][1] in page.content.decode()


def test_admit_lead_to_a_school_that_was_left_is_refused(link, manager):
    actions.end_school(link, on=timezone.localdate() - timedelta(days=1), by=manager)

    with pytest.raises(actions.Refused, match="Work with Saltmere Academy has ended"):
        actions.admit_lead(link, email="late@example.org", name="Late Lead", by=manager)


def job_with_file(owner, partnership):
    job = Job.objects.create(
        owner=owner, kind="nothing", title="Export", state="done", partnership_id=partnership.pk
    )
    job.file.save("rows.csv", ContentFile(b"rows"))
    return job


def change(user, by, role):
    membership = Membership.objects.get(user=user)
    return actions.change_person(membership, role=role, provider=None, hubs=[], by=by)


def test_who_becomes_a_viewer_loses_the_files_they_had(
    officer, manager, partnership, as_user, django_capture_on_commit_callbacks
):
    job = job_with_file(officer, partnership)

    with django_capture_on_commit_callbacks(execute=True):
        change(officer, manager, Role.VIEWER)

    assert as_user(officer).get(f"/jobs/{job.pk}/file/").status_code == 404
    assert not job.file.storage.exists(job.file.name)


def test_who_becomes_an_evaluator_keeps_them(officer, manager, partnership):
    job = job_with_file(officer, partnership)

    change(officer, manager, Role.EVALUATOR)

    job.refresh_from_db()
    assert job.file.storage.exists(job.file.name)
