"""The proposal of a strand: one row of the table at a time."""

from types import SimpleNamespace

import pytest

from activities import strands
from activities.models import ActivityType
from partnerships.models import Strand

pytestmark = pytest.mark.django_db
HUB = {"hub_school": True, "targeted": False}
TARGETED = {"hub_school": False, "targeted": True}
BOTH = {"hub_school": True, "targeted": True}
NEITHER = {"hub_school": False, "targeted": False}


def need(code):
    return SimpleNamespace(area=SimpleNamespace(code=code))


@pytest.mark.parametrize(
    ("kind", "areas", "flags", "adapted", "strand"),
    [
        ("meeting", [], NEITHER, False, "strategic"),
        ("meeting", ["parents"], BOTH, True, "strategic"),
        ("talk", ["he-knowledge"], TARGETED, True, "proactive"),
        ("talk", [], TARGETED, True, "targeted"),
        ("talk", [], NEITHER, True, None),
        ("tutoring", ["attainment-maths"], TARGETED, False, "attainment"),
        ("tutoring", ["attainment-maths"], BOTH, False, "attainment"),
        ("tutoring", ["attainment-maths"], HUB, False, "proactive"),
        ("campus-visit", [], TARGETED, False, "targeted"),
        ("campus-visit", ["he-knowledge"], BOTH, False, "targeted"),
        ("campus-visit", ["he-knowledge"], HUB, False, "proactive"),
        ("teacher-cpd", ["teacher-cpd"], TARGETED, False, None),
        ("teacher-cpd", ["teacher-cpd"], BOTH, False, "proactive"),
        ("parents", ["parents"], HUB, False, "proactive"),
        ("campus-visit", [], HUB, False, None),
        ("campus-visit", ["he-knowledge"], NEITHER, False, None),
        ("campus-visit", [], None, False, None),
    ],
)
def test_propose(kind, areas, flags, adapted, strand):
    status = SimpleNamespace(**flags) if flags else None
    kind = ActivityType.objects.get(code=kind)

    proposed, reason = strands.propose(
        kind, [need(code) for code in areas], status, adapted=adapted
    )

    assert (proposed.code if proposed else None) == strand
    assert reason.endswith(".")


def test_propose_takes_the_strand_of_the_type_first():
    kind = ActivityType.objects.get(code="talk")
    kind.default_strand = Strand.objects.get(code="signposting")

    proposed, reason = strands.propose(kind, [], SimpleNamespace(**TARGETED))

    assert proposed.code == "signposting"
    assert reason == "Talk or stand always counts as this strand."


def test_propose_says_what_would_settle_a_hub_school():
    kind = ActivityType.objects.get(code="talk")

    _, reason = strands.propose(kind, [], SimpleNamespace(**HUB))

    assert reason == "A hub school, but no need is linked yet. Link one, or choose a strand."


def test_every_reason_fits_its_column():
    assert max(len(reason) for _, _, reason in strands.TABLE) <= 200
