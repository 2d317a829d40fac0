"""What a rating leaves alone: nothing where nothing changed, and nobody's list of jobs."""

import pytest
from django.urls import reverse

from core.models import AuditEvent, Job
from needs import actions, tasks
from needs.models import Assessment, NeedsSummary, Rating
from needs.tests.factories import area
from partnerships.models import Membership, SchoolAccess

RED = {"value": "red"}


@pytest.fixture
def rate(link, django_capture_on_commit_callbacks):
    """Return a function that rates the area and does what follows the commit."""

    def rate(by, side, value=RED):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.rate(link, school_year=2026, side=side, values={area(): value}, by=by)

    return rate


@pytest.mark.parametrize("values", [{}, {"value": "", "note": ""}])
def test_the_first_rating_that_says_nothing_makes_no_assessment(values, rate, officer):
    assessment = rate(officer, "partner", values)

    assert assessment.pk is None
    assert [model.objects.count() for model in (Assessment, Rating, AuditEvent, Job)] == [0] * 4


def test_the_same_rating_again_writes_nothing(rate, officer):
    first = rate(officer, "partner")
    before = AuditEvent.objects.count()

    again = rate(officer, "partner")

    assert (again, again.version) == (first, first.version)
    assert AuditEvent.objects.count() == before


def test_the_figures_of_a_rating_are_in_nobodys_list_of_jobs(rate, school_lead, officer, as_user):
    rate(school_lead, "school")

    job = Job.objects.get()
    assert (job.owner, job.title) == (school_lead, "")
    for person in (school_lead, officer):
        client = as_user(person)
        assert client.get(job.get_absolute_url()).status_code == 404
        assert client.get(f"{job.get_absolute_url()}file/").status_code == 404
        assert client.post(f"{job.get_absolute_url()}cancel/").status_code == 404
        assert list(client.get("/jobs/").context["jobs"]) == []


def test_recalculate_while_such_a_job_waits_leads_to_the_boards(
    rate, officer, partnership, as_user
):
    rate(officer, "partner")

    url = reverse("needs:recompute", args=[partnership.pk])
    response = as_user(officer).post(url, {"year": 2026})

    assert response.url == reverse("dashboards:needs")
    assert Job.objects.count() == 1


@pytest.mark.parametrize("model", [Membership, SchoolAccess])
def test_the_figures_are_whole_although_who_rated_has_left(model, rate, school_lead, officer, link):
    by, side = (officer, "partner") if model is Membership else (school_lead, "school")
    rate(by, side)
    model.objects.filter(user=by).update(ended_on=link.created_at)

    tasks.summarise_needs(Job.objects.get().pk)

    assert NeedsSummary.objects.get(hub=None).red == 1
    assert Job.objects.get().state == Job.State.DONE
