"""An activity as a form shows it, and the difference between two people's versions of it."""

from activities.actions import CHOSEN
from activities.forms import ELSE, MOST_PICKS, NOT_YET_SAID
from activities.headcounts import MIXED, YEARS, initial_of
from activities.models import Activity, Headcount, Mode
from core.templatetags.components import hours, longdate

LABELS = {
    "type": "What it was",
    "starts_on": "Date",
    "summary": "One line",
    "status": "Status",
    "mode": "Where or how",
    "provider": "Delivered by",
    "starts_at": "Start time",
    "hours": "Hours",
    "needs": "Needs answered",
    "headcounts": "Who took part",
    "adapted_from": "Adapted from",
    "adaptation": "What was changed",
    "notes": "Notes",
    "strand": "Strand",
}


def initial(activity, place, types):
    """The activity as the initial values of its form."""
    common = [kind.code for kind in types[:MOST_PICKS]]
    code = activity.type.code
    provider = activity.providers.first()
    return {
        "type": code if code in common else ELSE,
        "other_type": "" if code in common else code,
        "date": activity.starts_on,
        "status": "" if activity.status == Activity.Status.CANCELLED else activity.status,
        "summary": activity.summary,
        "strand": _strand_choice(activity),
        "mode": activity.mode,
        "provider": provider.provider_id if provider else None,
        "starts_at": activity.starts_at,
        "hours": hours(activity.hours) if activity.hours is not None else "",
        "needs": [answer.need_id for answer in place.answers.all()],
        "adapted_from": activity.adapted_from_id,
        "adaptation": activity.adaptation,
        "notes": activity.notes,
        "version": activity.version,
        **initial_of(place.headcounts.all()),
    }


def _strand_choice(activity):
    if not activity.strand_reason.startswith(CHOSEN):
        return ""
    return activity.strand.code if activity.strand else NOT_YET_SAID


def details_of(activity, place):
    """The saved activity by the names that the actions take."""
    provider = activity.providers.select_related("provider").first()
    plain = {name: getattr(activity, name) for name in LABELS if hasattr(activity, name)}
    return plain | {
        "provider": provider.provider if provider else None,
        "needs": [answer.need for answer in place.answers.select_related("need__area")],
        "strand": {"": None, NOT_YET_SAID: ""}.get(_strand_choice(activity), activity.strand),
        "headcounts": [
            {name: getattr(row, name) for name in ("audience", "year_group", "expected", "actual")}
            for row in place.headcounts.all()
        ],
    }


def differences(now, yours, strands):
    """Return [(label, words of what is saved, words of what you entered)] where they differ."""
    found = []
    for name, label in LABELS.items():
        if name in yours and not (name == "status" and not yours[name]):
            mine, theirs = _said(name, yours[name], strands), _said(name, now[name], strands)
            if mine != theirs:
                found.append((label, theirs, mine))
    return found


def _said(name, value, strands):
    if name == "strand":
        return _strand_said(value, strands)
    if value in (None, "", []):
        return "None"
    written = {
        "starts_on": longdate,
        "status": lambda status: Activity.Status(status).label,
        "mode": lambda mode: Mode(mode).label,
        "starts_at": lambda at: f"{at:%H:%M}",
        "hours": hours,
        "needs": lambda needs: ", ".join(sorted(need.area.name for need in needs)),
        "headcounts": _people_said,
    }
    return written.get(name, str)(value)


def _strand_said(value, strands):
    if value is None:
        return "As proposed"
    return strands.get(getattr(value, "code", value), "Not yet said")


def _people_said(rows):
    years, audiences = dict(YEARS), dict(Headcount.Audience.choices)
    lines = []
    for row in rows:
        if row["expected"] is None and row["actual"] is None:
            continue
        learners = row["audience"] == "learners"
        name = years[row["year_group"] or MIXED] if learners else audiences[row["audience"]]
        counts = (f"{row['expected']} expected", f"{row['actual']} came")
        said = [text for text in counts if not text.startswith("None")]
        lines.append(f"{name}: {', '.join(said)}")
    return "; ".join(sorted(lines)) or "None"
