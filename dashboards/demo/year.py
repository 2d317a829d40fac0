"""A year of the demonstration: ratings in autumn, conversations and activities."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from activities import actions as activity_actions
from activities.models import Activity, ActivityType
from core.models import ReportingPeriod
from needs import actions as need_actions
from needs.models import Need, NeedArea, NeedFramework
from partnerships import actions as partnership_actions

LONDON = ZoneInfo("Europe/London")
VALUES = ["red"] * 3 + ["amber"] * 5 + ["green"] * 7 + ["unknown"]
STEP = {"red": "amber", "amber": "red", "green": "amber", "unknown": "green"}
TITLES = {
    "campus-visit": ["Campus visit", "Campus day: health careers", "Library tour and student life"],
    "workshop": ["Study skills workshop", "Revision that works", "Writing about yourself"],
    "talk": ["Student finance talk", "Higher education: the routes", "Careers fair stand"],
    "mentoring": ["Mentoring session", "EPQ mentoring"],
    "teacher-cpd": ["CPD: reading in science", "CPD: guidance on routes"],
    "masterclass": ["Maths masterclass", "Chemistry masterclass", "Taster: engineering"],
    "tutoring": ["Maths tutoring", "English tutoring"],
    "summer-school": ["Summer school reunion"],
    "parents": ["Evening for parents and carers"],
    "online": ["Online question and answer with students"],
}
YEARS = [8, 9, 10, 10, 11, 11, 12, 13]
TALKS = ["Needs conversation", "Planning for next term", "Call about dates", "Review of the year"]
TYPES = ["campus-visit"] * 4 + ["workshop"] * 6 + ["talk"] * 4 + ["mentoring"] * 3
TYPES += ["teacher-cpd", "masterclass", "masterclass", "tutoring", "tutoring", "parents", "online"]


def tell(world, year):
    """Tell the year before and this one, in the order in which they happened."""
    types = {row.code: row for row in ActivityType.objects.all()}
    areas = list(NeedArea.objects.filter(framework=NeedFramework.objects.current()))
    world.offers = _offers(world, types)
    rate_all(world, year - 1, areas, Random(1))
    work(world, types, Random(2), _days(date(year - 1, 10, 20), date(year, 7, 10), 420))
    _close_some(world, date(year, 7, 14))
    rate_all(world, year, areas, Random(3))
    begun = min(date(year, 9, 8), world.as_at - timedelta(days=60))
    work(world, types, Random(4), _days(begun, world.as_at - timedelta(days=1), 230))
    work(world, types, Random(5), _days(world.as_at, world.as_at + timedelta(days=21), 40))
    _this_week(world, types)


def _offers(world, types):
    menu = [("Campus day", "campus-visit"), ("Study skills series", "workshop")]
    menu += [("Maths masterclass", "masterclass"), ("Student finance talk", "talk")]
    return [
        activity_actions.add_offer(
            world.partnership, title=title, type=types[code], by=world.people["manager"]
        )
        for title, code in menu
    ]


def _days(first, last, n):
    """Spread n working days evenly over a stretch, in order, but for the end of December."""
    last = max(first, last)
    span = (last - first).days
    days = [first + timedelta(days=span * step // max(n - 1, 1)) for step in range(n)]
    return [
        day - timedelta(days=max(0, day.weekday() - 4))
        for day in days
        if not (day.month == 12 and day.day > 20)
    ]


# --- needs ---------------------------------------------------------------------------------
def rate_all(world, year, areas, random):
    """Both sides rate most schools in October; some schools' side is entered for them."""
    for number, link in enumerate(world.links):
        if number % 17 == 16:
            continue
        on = min(date(year, 9, 14) + timedelta(days=number % 38), world.as_at)
        at = datetime.combine(on, time(10, 30), LONDON)
        chosen = sorted(random.sample(areas, 9), key=lambda area: area.order)
        school = {area: {"value": _value(random, area)} for area in chosen}
        ours = _ours(random, school)
        staff = world.staff_of(link)[number % len(world.staff_of(link))]
        lead = world.leads.get(link.pk)
        rate = need_actions.rate
        rate(link, school_year=year, side="partner", values=ours, by=staff, at=at)
        if number % 11 != 10:
            rate(link, school_year=year, side="school", values=school, by=lead or staff, at=at)
            if lead and number % 4 != 2:
                _agree(link, year, lead, staff, at + timedelta(days=3))


def _value(random, area):
    if area.code in ("he-knowledge", "study-skills") and random.random() < 0.45:
        return "red"
    return random.choice(VALUES)


def _ours(random, school):
    """Our side: mostly as the school says, with three priorities among its reds and ambers."""
    ours = {
        area: {"value": STEP[said["value"]] if random.random() < 0.27 else said["value"]}
        for area, said in school.items()
    }
    urgent = sorted(ours, key=lambda area: list(STEP).index(ours[area]["value"]))
    for priority, area in enumerate(urgent[:3], start=1):
        ours[area]["priority"] = priority
    return ours


def _agree(link, year, lead, staff, at):
    assessment = link.assessments.get(school_year=year)
    assessment = need_actions.agree(assessment, side="school", by=lead, at=at)
    need_actions.agree(assessment, side="partner", by=staff, at=at + timedelta(hours=2))


def _close_some(world, on):
    """At the review in July a fifth of the needs are met, and a few are parked."""
    needs = Need.objects.visible_to(world.people["hub"]).open().order_by("pk")
    for number, need in enumerate(needs.select_related("school_link")):
        if number % 5 in (0, 1) and number % 7:
            need_actions.close_need(
                need,
                status="met" if number % 3 else "parked",
                note="Looked at together in the July review.",
                version=need.version,
                on=on,
                by=world.people["hub"],
            )


# --- activities and conversations ----------------------------------------------------------
def work(world, types, random, days):
    """Log what was done on each of these days, one school a day, and talk to some of them."""
    reached = [link for number, link in enumerate(world.links) if number % 10 != 7]
    for number, day in enumerate(days):
        link = random.choice(reached)
        staff = random.choice(world.staff_of(link))
        activity = _log(world, types, random, link, staff, day)
        if number % 23 == 22:
            activity_actions.cancel(
                activity,
                reason=random.choice(["school", "staffing", "weather", "numbers"]),
                note="Offered again for next term.",
                version=activity.version,
                by=staff,
            )
        if number % 3 == 0 and day < world.as_at:
            _talk(random, random.choice(reached), staff, day)


def _log(world, types, random, link, staff, day):
    code = random.choice(TYPES)
    years = _years(link)
    group = random.choice(years)
    needs = _needs_to_answer(random, link, staff, day)
    offer = random.choice(world.offers) if needs and random.random() < 0.15 else None
    summary = random.choice(TITLES[code])
    return activity_actions.log(
        link,
        type=types[code],
        starts_on=day,
        starts_at=time(random.choice([9, 10, 11, 13, 14]), random.choice([0, 30])),
        summary=summary if code in ("teacher-cpd", "parents") else f"{summary}, Year {group}",
        hours=random.choice(["1", "1", "1.5", "2", "3", "5"]),
        headcounts=_headcounts(random, code, group, years, day > world.as_at),
        needs=needs,
        adapted_from=offer,
        adaptation="Shorter, and built on what the school asked for." if offer else "",
        by=staff,
    )


def _years(link):
    """The year groups that activities at a school are for, the likelier ones more than once."""
    taught = link.taught_years()
    return [year for year in YEARS if year in taught] or YEARS


def _needs_to_answer(random, link, staff, day):
    if random.random() < 0.22:
        return []
    needs = list(
        Need.objects.visible_to(staff)
        .open()
        .filter(school_link=link, raised_on__lte=day)
        .select_related("area")
        .order_by("pk")
    )
    return random.sample(needs, min(len(needs), random.choice([1, 1, 2])))


def _headcounts(random, code, group, years, is_ahead):
    audience = {"teacher-cpd": "teachers", "parents": "parents"}.get(code, "learners")
    groups = [None] if audience != "learners" else [group]
    if audience == "learners" and random.random() < 0.2:
        groups.append(group + 1 if group + 1 in years else group - 1)
    return [
        {
            "audience": audience,
            "year_group": row,
            "expected": random.randrange(8, 65),
            "actual": None if is_ahead else random.randrange(6, 62),
        }
        for row in groups
    ]


def _talk(random, link, staff, day):
    partnership_actions.record_conversation(
        link,
        held_on=day,
        channel=random.choice(["meeting", "call", "online", "email"]),
        summary=random.choice(TALKS),
        minutes=random.choice([15, 30, 45, 60]),
        by=staff,
    )


def _this_week(world, types):
    """Give the officer of the demonstration a week with something done, missed and ahead."""
    officer = world.people["officer"]
    monday = world.as_at - timedelta(days=world.as_at.weekday())
    random = Random(6)
    mine = [link for link in world.links if link.demo_area == "coast"][:12]
    for number, link in enumerate(mine[:6]):
        day = monday + timedelta(days=number % 5)
        activity = _log(world, types, random, link, officer, day)
        if number == 2:
            activity_actions.cancel(
                activity, reason="school", note="Mock exams.", version=activity.version, by=officer
            )
    activity_actions.log(
        mine[7],
        type=types["campus-visit"],
        starts_on=world.as_at - timedelta(days=2),
        summary="Campus visit, Year 10",
        status=Activity.Status.PLANNED,
        by=officer,
    )


def school_year(day):
    return ReportingPeriod.objects.year_of(ReportingPeriod.Kind.SCHOOL_YEAR, day)
