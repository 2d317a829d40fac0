from types import SimpleNamespace

import pytest

from needs import ranking
from needs.models import NeedArea, NeedFramework, Rating
from needs.ranking import Counts
from needs.tests.factories import area, say


def make_area(pk, order):
    return SimpleNamespace(pk=pk, order=order)


@pytest.mark.parametrize(
    ("value", "priority", "expected"),
    [
        ("red", 1, 6),
        ("red", 2, 4),
        ("red", 3, 2),
        ("red", None, 4),
        ("amber", 1, 3),
        ("amber", None, 2),
        ("green", 1, 0),
        ("unknown", 1, None),
        ("", None, None),
    ],
)
def test_weight(value, priority, expected):
    assert ranking.weight(value, priority) == expected


def test_score_adds_up_and_leaves_not_known_out():
    ratings = [("red", 1), ("red", None), ("amber", 3), ("green", 1), ("unknown", 1)]

    assert ranking.score(ratings) == (2 * 3 + 2 * 2 + 1 * 1 + 0, 4)


def test_rank_goes_by_the_worse_side_and_never_by_the_mean():
    even, uneven = make_area(1, 1), make_area(2, 2)

    ranked = ranking.rank(
        [
            (even, "school", Counts(score=9)),
            (even, "partner", Counts(score=9)),
            (uneven, "school", Counts(score=0)),
            (uneven, "partner", Counts(score=10)),
        ]
    )

    assert [row.area for row in ranked] == [uneven, even]
    assert [row.worse_side for row in ranked] == ["partner", "school"]


def test_rank_keeps_the_frameworks_order_where_scores_tie():
    later, sooner = make_area(1, 8), make_area(2, 3)

    ranked = ranking.rank(
        [(later, "school", Counts(score=4)), (sooner, "partner", Counts(score=4))]
    )

    assert [row.area for row in ranked] == [sooner, later]


def test_rank_of_a_side_that_said_nothing_is_nought():
    (row,) = ranking.rank([(make_area(1, 1), "school", Counts(score=4, rated=2))])

    assert (row.school.score, row.partner.score, row.partner.rated) == (4, 0, 0)


def make_agreed(*priorities, status="agreed"):
    ratings = [
        SimpleNamespace(priority=priority, area=make_area(order, order))
        for order, priority in enumerate(priorities)
    ]
    assessment = SimpleNamespace(status=status, Status=SimpleNamespace(AGREED="agreed"))
    return assessment, ratings


def test_top_three_are_the_highest_priorities_in_the_frameworks_order():
    assessment, ratings = make_agreed(3, None, 1, 2, 1, 3)

    assert [area.order for area in ranking.top_three(assessment, ratings)] == [2, 4, 3]


def test_top_three_are_none_where_nothing_is_agreed():
    assessment, ratings = make_agreed(1, 2, 3, status="shared")

    assert ranking.top_three(assessment, ratings) == []


@pytest.mark.django_db
def test_the_framework_has_twenty_areas_in_order():
    areas = NeedArea.objects.filter(framework=NeedFramework.objects.current())

    assert [one.order for one in areas] == list(range(1, 21))


def test_differing_ratings_are_those_where_both_said_a_colour(link, officer, school_lead):
    say(
        link, "partner", officer, careers="red", he_knowledge="red", literacy="red", belonging="red"
    )
    say(link, "school", school_lead, careers="green", he_knowledge="red", literacy="unknown")

    assert [rating.area for rating in Rating.objects.differing()] == [area("careers")]
