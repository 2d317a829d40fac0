"""School choice: the reasons, the order, what is not known, and what another weight changes."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from activities.tests.factories import make_activity
from core.tests.counting import AROUND
from dashboards.choice import COMPONENTS, choose, saved_weights
from dashboards.choice.facts import Facts, Fifth
from dashboards.choice.pool import Candidate, Pool
from dashboards.choice.ranking import how, rank
from dashboards.choice.scores import Component, Scored, score
from needs.tests.factories import say
from partnerships import actions
from partnerships.tests.factories import make_lead, make_link, make_partnership, make_provider
from schools.tests.factories import make_code, make_school

TODAY = date(2026, 11, 20)
EVEN = dict.fromkeys(COMPONENTS, 1)


def place(name, authority="Wexshire", *, phase="4", group="10", **facts):
    """An open school of the register in an authority, with plain facts where none are given."""
    facts = {
        "fsm_percent": Decimal("20.0"),
        "pupils": 1000,
        "low_age": 11,
        "high_age": 16,
        "easting": 400_000,
        "northing": 500_000,
        **facts,
    }
    return make_school(
        name,
        authority=make_code("authority", authority, authority),
        phase=make_code("phase", phase, f"Phase {phase}"),
        type_group=make_code("type_group", group, f"Group {group}"),
        **facts,
    )


def chosen(user, partnership, **options):
    kept = saved_weights(user, partnership)
    return choose(user, partnership, TODAY, kept=kept, **options)


def names(choice):
    return {row.candidate.name for row in choice.rows}


def part(choice, name, school):
    (row,) = [row for row in choice.rows if row.candidate.name == school]
    return row.components[name]


def test_the_schools_of_our_authorities_are_compared_and_all_of_ours(partnership, officer):
    make_link(partnership, place("Ours High"))
    make_link(partnership, place("Ours Primary", phase="2"))
    place("Near High")
    place("Near College", phase="6", group="1")
    place("Near Through", phase="7", group="4")
    for name, options in {
        "Primary": {"phase": "2"},
        "Independent": {"phase": "0", "group": "3", "high_age": 18},
        "Closed": {"standing": "closed"},
        "Online": {"phase": "7", "group": "13", "authority": "Elsewhere"},
    }.items():
        place(name, **options)

    plain = chosen(officer, partnership)
    paid = chosen(officer, partnership, independents=True)
    elsewhere = make_code("authority", "Elsewhere", "Elsewhere").pk
    other = chosen(officer, partnership, authorities={elsewhere})

    ours = {"Ours High", "Ours Primary"}
    assert names(plain) == ours | {"Near High", "Near College", "Near Through"}
    assert names(paid) - names(plain) == {"Independent"}
    assert names(other) == ours | {"Online"}


def test_need_is_the_place_by_free_meals_and_the_share_of_red(partnership, officer):
    link = make_link(partnership, place("Middle", fsm_percent=Decimal("20.0")))
    place("Low", fsm_percent=Decimal("5.0"))
    place("High", fsm_percent=Decimal("40.0"))
    place("Unknown", fsm_percent=None)
    say(link, "partner", officer, careers="red", epq="green", parents="amber")
    say(link, "school", officer, epq="red")

    choice = chosen(officer, partnership)

    middle = part(choice, "need", "Middle")
    assert (part(choice, "need", "Low").score, part(choice, "need", "High").score) == (0, 100)
    assert middle.score == round((50 + 67) / 2)
    assert middle.facts == (
        "20.0% free school meals, more than at 50% of the others",
        "2 of 3 areas rated red, 2026 to 2027",
    )
    assert part(choice, "need", "Unknown").score is None
    assert part(choice, "need", "Unknown").facts == ("free school meals not known",)


def test_need_takes_in_the_area_of_the_site_where_it_is_known():
    pool = Pool([scored("A").candidate], set(), set())
    facts = Facts({}, {}, set(), fifths={1: Fifth(2, "IMD 2025")})

    (school,) = score(pool, facts, TODAY)

    assert school.components["need"].score == 75
    assert school.components["need"].facts == (
        "free school meals not known",
        "its site in fifth 2 of 5 by IMD 2025",
    )


def test_supply_is_our_own_work_of_twelve_months_against_size(partnership, officer, hub):
    link = make_link(partnership, place("Busy", pupils=100))
    theirs = make_link(make_partnership("Others"), link.school)
    heads = [{"audience": "learners", "year_group": 10, "actual": 50}]
    make_activity(link, officer, starts_on=TODAY, hours="2", headcounts=heads)
    make_activity(link, officer, starts_on=TODAY - timedelta(days=366), hours="9", headcounts=heads)
    make_activity(link, officer, starts_on=TODAY - timedelta(days=3))
    make_activity(theirs, officer, starts_on=TODAY, hours="8", headcounts=heads)
    place("Quiet")

    choice = chosen(officer, partnership)

    busy, quiet = part(choice, "supply", "Busy"), part(choice, "supply", "Quiet")
    assert (busy.score, quiet.score) == (50, 100)
    assert busy.facts == (
        "2 activities delivered",
        "50 learners",
        "1 without hours or learners",
        "1.0 hours a pupil",
    )
    assert quiet.facts == ("nothing delivered",)


def test_work_without_hours_says_nothing_about_supply(partnership, officer):
    link = make_link(partnership, place("Vague"))
    make_activity(link, officer, starts_on=TODAY)
    unsized = make_link(partnership, place("Unsized", pupils=None))
    heads = [{"audience": "learners", "year_group": 10, "actual": 50}]
    make_activity(unsized, officer, starts_on=TODAY, hours="2", headcounts=heads)

    choice = chosen(officer, partnership)

    assert part(choice, "supply", "Vague").score is None
    assert part(choice, "supply", "Unsized").score is None
    assert part(choice, "size", "Unsized").facts == ("pupils or ages not known",)


def test_distance_is_from_the_nearest_provider_else_from_the_middle_of_our_schools(
    partnership, officer
):
    make_link(partnership, place("West", easting=390_000))
    make_link(partnership, place("East", easting=410_000))
    place("Nowhere", easting=None)

    from_middle = chosen(officer, partnership)
    place("Wexshire College", "Far", phase="0", ukprn="10009999", easting=390_000)
    make_provider(partnership, "Wexshire College", ukprn=10_009_999)
    from_there = chosen(officer, partnership)

    said = part(from_middle, "distance", "West")
    assert said.facts == ("6.2 miles from the middle of your schools",)
    assert said.score == 79
    assert part(from_there, "distance", "West").facts == ("0.0 miles from Wexshire College",)
    assert part(from_there, "distance", "East").score == 59
    assert part(from_there, "distance", "Nowhere").score is None


def test_relationship_is_contact_agreement_and_a_lead(partnership, officer):
    link = make_link(partnership, place("Known"))
    make_lead(link)
    held = TODAY - timedelta(days=10)
    actions.record_conversation(link, held_on=held, summary="Call", by=officer)
    make_link(partnership, place("Silent"))
    place("Stranger")

    choice = chosen(officer, partnership)

    known = part(choice, "relationship", "Known")
    assert known.facts == (
        "last contact 10 November 2026",
        "needs not agreed",
        "a school lead",
    )
    assert [part(choice, "relationship", name).score for name in ("Known", "Silent")] == [67, 0]
    assert part(choice, "relationship", "Stranger").facts == ("not one of your schools",)


def test_a_cold_spot_has_high_need_and_little_of_our_work(partnership, officer):
    link = make_link(partnership, place("Warm", pupils=10, fsm_percent=Decimal("65")))
    heads = [{"audience": "learners", "year_group": 10, "actual": 50}]
    make_activity(link, officer, starts_on=TODAY, hours="2", headcounts=heads)
    place("Cold", fsm_percent=Decimal("60"))
    place("Middling", fsm_percent=Decimal("10"))
    place("Well off", fsm_percent=Decimal("3"))
    place("Unknown", fsm_percent=None)

    choice = chosen(officer, partnership)

    assert (
        [row.candidate.name for row in choice.rows if row.is_cold]
        == ["Cold"]
        == [row.candidate.name for row in choice.narrowed(cold=True, new=True)]
    )


def test_the_order_says_where_a_school_would_move(partnership, officer):
    make_link(partnership, place("Large", pupils=1200, fsm_percent=Decimal("1")))
    place("Needy", pupils=300, fsm_percent=Decimal("60"))

    choice = chosen(
        officer, partnership, tried={"need": 0, "size": 10, "supply": 0, "relationship": 0}
    )

    assert choice.is_trial
    assert choice.moved == 2
    assert [
        (row.candidate.name, row.rank, row.rank_now, row.moved_in_words) for row in choice.rows
    ] == [
        ("Large", 1, 2, "Up 1"),
        ("Needy", 2, 1, "Down 1"),
    ]


def scored(name, **scores):
    candidate = Candidate(
        **dict.fromkeys(Candidate.__dataclass_fields__)
        | {"name": name, "sort_key": name, "school": 1}
    )
    return Scored(
        candidate, {part: Component(part, scores.get(part), (), {}) for part in COMPONENTS}
    )


def test_how_a_score_comes_about_is_said_in_full():
    school = scored("A", need=72, supply=100, size=50)

    said = how(school, EVEN | {"need": 3, "size": 0})

    assert said == (
        "Need 72 × 3 + Supply 100 × 1 = 316; divided by 4, all weights that count: 79.0. "
        "Distance, Relationship: not known, so left out."
    )
    assert how(scored("B"), EVEN).startswith("No score. Need, Supply, Size")


SCORES = st.dictionaries(st.sampled_from(COMPONENTS), st.integers(0, 100))
WEIGHTS = st.fixed_dictionaries({name: st.integers(0, 10) for name in COMPONENTS})


@given(st.lists(SCORES, max_size=8), WEIGHTS, WEIGHTS)
def test_any_weights_give_an_order_without_ties_and_moves_that_cancel(found, now, tried):
    schools = [scored(str(number), **scores) for number, scores in enumerate(found)]
    for number, school in enumerate(schools):
        object.__setattr__(school.candidate, "school", number)

    rows = rank(schools, now, tried)

    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    assert sum(row.moved for row in rows) == 0
    known = [row.score for row in rows if row.score is not None]
    assert known == sorted(known, reverse=True)
    assert all(0 <= score <= 100 for score in known)
    assert [row.score for row in rows[len(known) :]] == [None] * (len(rows) - len(known))


def test_an_unknown_reason_is_left_out_and_never_counts_as_nothing():
    low, unknown = scored("Low", need=60, size=0), scored("Unknown", need=60)

    rows = rank([low, unknown], EVEN, EVEN)

    assert [(row.candidate.name, row.score) for row in rows] == [("Unknown", 60.0), ("Low", 30.0)]


def test_the_queries_are_as_many_for_three_hundred_schools(partnership, officer):
    link = make_link(partnership, place("Ours"))
    make_activity(link, officer, starts_on=TODAY)
    say(link, "partner", officer, careers="red")
    _queries(officer, partnership)  # what is read once a person is read here
    few = _queries(officer, partnership)
    for number in range(30):
        make_link(partnership, place(f"School {number}"))
        place(f"Other {number}")

    many = _queries(officer, partnership)

    assert len(many) == len(few) <= 13


def _queries(user, partnership):
    with CaptureQueriesContext(connection) as context:
        chosen(user, partnership)
    return [
        query["sql"] for query in context.captured_queries if not query["sql"].startswith(AROUND)
    ]


def test_another_partnership_changes_nothing(partnership, officer, outsider):
    link = make_link(partnership, place("Ours"))
    before = [(row.score, row.rank, row.how) for row in chosen(officer, partnership).rows]
    other = outsider.memberships.get().partnership
    theirs = make_link(other, link.school)
    make_lead(theirs)
    make_activity(theirs, outsider, starts_on=TODAY, hours="9")
    say(theirs, "partner", outsider, careers="red")
    actions.weigh_priorities(other, weights=EVEN, version=0, by=outsider)

    after = [(row.score, row.rank, row.how) for row in chosen(officer, partnership).rows]

    assert after == before
