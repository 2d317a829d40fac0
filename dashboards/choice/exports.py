"""The choice of schools as a file: every component with its facts, the weights, the dates."""

from core.exports import Column, Cover, Sheet, file_response
from dashboards.choice.scores import ABOUT, LABELS
from partnerships.models.priorities import COMPONENTS, priority_rules

NAME = "school-choice"


def _number(name, heading):
    return Column(name, heading, kind="number")


COLUMNS = (
    _number("rank", "Rank"),
    _number("rank_now", "Rank with the weights that are kept"),
    Column("moved", "Change"),
    _number("score", "Priority, 0 to 100"),
    Column("school", "School"),
    Column("urn", "URN"),
    Column("authority", "Local authority"),
    Column("phase", "Phase"),
    Column("ours", "With us today"),
    Column("cold", "Cold spot"),
    *(
        column
        for name in COMPONENTS
        for column in (
            _number(name, f"{LABELS[name]}, 0 to 100"),
            Column(f"{name}_facts", f"{LABELS[name]}: facts", kind="long"),
        )
    ),
    _number("fsm", "Free school meals, %"),
    Column("census_on", "Census of", kind="date"),
    _number("pupils", "Pupils"),
    _number("per_year", "Pupils in a year group, estimated"),
    _number("activities", "Activities in 12 months"),
    _number("learners", "Learners in 12 months, may count some twice"),
    Column("contact_hours", "Contact hours in 12 months", kind="hours"),
    _number("miles", "Miles"),
    Column("last_contact", "Last contact", kind="date"),
    Column("how", "How the priority comes about", kind="long"),
)


def row_of(row):
    """One school in the columns' order."""
    school, parts = row.candidate, row.components
    done = parts["supply"].raw["done"]
    return (
        *(row.rank, row.rank_now, row.moved_in_words, row.score),
        *(school.name, school.urn, school.authority_name, school.phase),
        *(bool(school.link), row.is_cold),
        *(
            part
            for name in COMPONENTS
            for part in (parts[name].score, "; ".join(parts[name].facts))
        ),
        school.fsm_percent,
        school.census_on,
        school.pupils,
        school.per_year,
        done.activities,
        done.learners,
        done.contact_hours,
        parts["distance"].raw["miles"],
        school.last_contact,
        row.how,
    )


def answer(format, partnership, choice, shown, *, by):
    """The file of the rows `shown`."""
    sheet = Sheet("Schools", COLUMNS, [row_of(row) for row in shown])
    return file_response(format, NAME, _cover(partnership, choice, by), sheet)


def _cover(partnership, choice, by):
    weights = ", ".join(f"{LABELS[name]} {choice.tried[name]}" for name in COMPONENTS)
    kept = "tried, not saved" if choice.is_trial else "as saved"
    least = priority_rules()["cold_spot"]
    return Cover.inside(
        f"School choice of {partnership}",
        by,
        filters=(f"Weights, {kept}: {weights}.",),
        data_dates=(
            choice.pool.run.stamp if choice.pool.run else "Register facts: no import yet",
            f"Our own work: the 12 months to {choice.today:%d/%m/%Y}",
        ),
        definitions=(
            "Priority: the mean of the five scores, each times its weight; a score that is not "
            "known is left out with its weight.",
            *(f"{LABELS[name]}: {ABOUT[name]}" for name in COMPONENTS),
            f"Cold spot: {LABELS['need']} at least {least['need']} and {LABELS['supply']} at least "
            f"{least['supply']}.",
        ),
    )
