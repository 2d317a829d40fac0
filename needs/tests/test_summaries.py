import os
from datetime import date

import pytest
from django.utils import timezone

from core.models import Job
from core.tests.worker import wait_for
from needs import actions, ranking, summaries, tasks
from needs.models import NeedsSummary, Rating
from needs.tests.factories import say
from partnerships.models import SchoolLinkStatus
from partnerships.tests.factories import make_hub, make_link, make_school

COUNTS = ("red", "amber", "green", "unknown", "rated", "score")


def figures(hub, code, side, year=2026):
    row = NeedsSummary.objects.filter(hub=hub, area__code=code, side=side, school_year=year).values(
        *COUNTS
    )
    return row.get() if row else None


def expected(red=0, amber=0, green=0, unknown=0, score=0):
    rated = red + amber + green
    return {
        "red": red,
        "amber": amber,
        "green": green,
        "unknown": unknown,
        "rated": rated,
        "score": score,
    }


@pytest.fixture
def elsewhere(partnership):
    """A second hub with a school of its own."""
    hub = make_hub(partnership, "Moor hub")
    return make_link(partnership, make_school("Ketterby High"), hub=hub), hub


def recount(link, year=2026):
    for hub in summaries.hubs_of(link.partnership_id):
        summaries.recompute_hub(link.partnership_id, year, hub.pk)
    return summaries.recompute_all(link.partnership_id, year)


def test_recompute_counts_each_hub_and_all_of_them(link, hub, elsewhere, officer, school_lead):
    other, other_hub = elsewhere
    say(link, "partner", officer, careers=("red", 1), literacy="unknown")
    say(link, "school", school_lead, careers="amber")
    say(other, "partner", officer, careers="green")

    counted = recount(link)

    assert counted == 4
    assert figures(hub, "careers", "partner") == expected(red=1, score=6)
    assert figures(hub, "careers", "school") == expected(amber=1, score=3)
    assert figures(hub, "literacy", "partner") == expected(unknown=1)
    assert figures(other_hub, "careers", "partner") == expected(green=1)
    assert figures(None, "careers", "partner") == expected(red=1, green=1, score=6)
    assert figures(other_hub, "careers", "school") is None


def test_recompute_gives_the_scores_of_the_pure_function(link, elsewhere, officer):
    say(link, "partner", officer, careers=("red", 2), literacy=("amber", 3), belonging="red")
    say(elsewhere[0], "partner", officer, careers="amber", literacy="unknown", belonging="green")

    recount(link)

    for row in NeedsSummary.objects.filter(hub=None, side="partner"):
        pairs = Rating.objects.filter(area=row.area).values_list("partner_value", "priority")
        assert (row.score, row.rated) == ranking.score(pairs)


def test_recompute_again_replaces_and_leaves_the_rest(link, hub, officer, other_partnership):
    stranger = make_link(other_partnership, make_school("Northgate"))
    say(stranger, "partner", officer, careers="red")
    recount(stranger)
    say(link, "partner", officer, careers="red", literacy="red")
    say(link, "partner", officer, year=2025, careers="red")
    recount(link, 2025)
    recount(link)
    say(link, "partner", officer, careers="green")
    Rating.objects.filter(area__code="literacy").delete()

    recount(link)

    assert figures(hub, "careers", "partner") == expected(green=1)
    assert figures(hub, "literacy", "partner") is None
    assert figures(hub, "careers", "partner", 2025) == expected(red=1, score=4)
    assert NeedsSummary.objects.filter(partnership=other_partnership).count() == 1


def test_recompute_goes_by_the_hub_of_the_day(link, hub, elsewhere, officer):
    SchoolLinkStatus.objects.filter(school_link=link).update(ends_on=date(2025, 8, 31))
    SchoolLinkStatus.objects.create(
        partnership=link.partnership, school_link=link, starts_on=date(2025, 9, 1), hub=elsewhere[1]
    )
    say(link, "partner", officer, year=2024, careers="red")
    say(link, "partner", officer, year=2025, careers="red")

    recount(link, 2024)
    recount(link, 2025)

    assert figures(hub, "careers", "partner", 2024) == expected(red=1, score=4)
    assert figures(hub, "careers", "partner", 2025) is None
    assert figures(elsewhere[1], "careers", "partner", 2025) == expected(red=1, score=4)


@pytest.mark.django_db
def test_day_of_a_year_is_today_until_it_is_over():
    assert summaries.day_of(2020) == date(2021, 8, 31)
    assert summaries.day_of(timezone.localdate().year + 2) == timezone.localdate()


def test_latest_job_is_the_newest_of_that_year(partnership, officer):
    actions.recompute(partnership, school_year=2025, by=officer)
    job = actions.recompute(partnership, school_year=2026, by=officer)

    assert summaries.latest_job(partnership.pk, 2026) == job
    assert summaries.latest_job(partnership.pk, 2024) is None


def test_the_task_is_known_by_its_name():
    assert tasks.summarise_needs.name == summaries.KIND


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_rating_is_summarised_by_a_worker(worker, link, hub, officer):
    say(link, "partner", officer, careers=("red", 1))

    job = wait_for(Job.objects.get())

    assert job.state == Job.State.DONE
    assert (job.done, job.total) == (2, 2)
    assert job.result["ratings"] == 1
    assert job.result["pid"] != os.getpid()
    assert figures(hub, "careers", "partner") == expected(red=1, score=6)
    assert figures(None, "careers", "partner") == expected(red=1, score=6)
