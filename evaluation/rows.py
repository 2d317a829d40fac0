"""The rows behind a figure: the same conditions that the figure was worked out from."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, Q, Value
from django.db.models.functions import Coalesce

from activities.models import ActivityNeed, YearGroup
from evaluation import evidence
from needs.models import Need
from partnerships.models import Strand

PER_PAGE = 100
NONE = "none"
BIGGEST = 18
GAPS = {
    "strand": "Activities with no strand yet",
    "hours": "Activities with no hours",
    "headcount": "Activities with no headcount",
    "need": "Activities that answer no need",
    "allocation": "Activities of a type that no strategy takes",
    "provider": "Activities of no provider",
}
VALUES = {
    "on": F("activity__starts_on"),
    "summary": F("activity__summary"),
    "type_name": F("activity__type__name"),
    "school_name": F("school__name"),
    "strand_name": F("activity__strand__name"),
    "hours": F("activity__hours"),
    "learners_pk": Coalesce(F("learners__pk"), Value(0)),
    "year_group": F("learners__year_group"),
    "people": F("learners__actual"),
}


class NoSuchRows(Exception):
    """The address names a filter, or a row of one, that does not exist."""


@dataclass(frozen=True)
class Rows:
    """Facts under a filter, and the words that say which."""

    facts: object
    line: evidence.Line
    words: tuple

    def totals(self):
        """What the rows amount to, by the definition that the figure has."""
        return evidence.figures(self.facts.aggregate(**evidence.sums(self.line)))

    def page(self, after=""):
        """Up to PER_PAGE rows after a cursor, newest first, and the cursor of the next page."""
        rows = self.facts.annotate(weight=self.line.weight, **VALUES)
        rows = rows.order_by("-on", "-pk", "-learners_pk")
        if after:
            rows = rows.filter(_after(after))
        found = list(rows.values("pk", "activity", "share_bp", "weight", *VALUES)[: PER_PAGE + 1])
        shown = [row | {"counted": _counted(row)} for row in found[:PER_PAGE]]
        return shown, _cursor(shown[-1]) if len(found) > PER_PAGE else ""


def find(scope, asked):
    """The Rows that `asked`, a mapping of names to texts, describes; raises NoSuchRows."""
    line = _line(scope, asked.get("strategy", ""))
    facts, words = _base(scope, asked), [line.label] if line.key else []
    for name, condition_of in CONDITIONS.items():
        if asked.get(name):
            condition, said = condition_of(scope, asked[name])
            facts = facts.filter(condition)
            words.append(said)
    return Rows(facts.filter(line.counts), line, tuple(words))


def _base(scope, asked):
    if asked.get("gap") == "provider":
        return evidence.unshared(scope)
    if asked.get("need"):
        in_full = Value(evidence.WHOLE, output_field=IntegerField())
        return evidence.delivered(scope).annotate(share_bp=in_full)
    return evidence.facts(scope)


def _line(scope, key):
    for line in evidence.lines(scope.plan):
        if line.key == key:
            return line
    raise NoSuchRows


def _of_strand(scope, value):
    if value == NONE:
        return Q(activity__strand=None), "Strand not yet said"
    strand = next((strand for strand in Strand.objects.all() if strand.code == value), None)
    if strand is None:
        raise NoSuchRows
    return Q(activity__strand=strand), strand.name


def _of_year_group(scope, value):
    if value == NONE:
        return Q(learners__isnull=False, learners__year_group=None), "Year group not said"
    if value not in {str(year) for year in YearGroup.values}:
        raise NoSuchRows
    return Q(learners__year_group=int(value)), YearGroup(int(value)).label


def _of_kind(scope, value):
    if value not in evidence.KINDS:
        raise NoSuchRows
    label, (hub_school, targeted) = evidence.KINDS[value]
    return Q(hub_school=hub_school, targeted=targeted), label


def _of_need(scope, value):
    need = None
    if value.isdecimal() and len(value) <= BIGGEST:
        need = Need.objects.visible_to(scope.user).with_names().filter(pk=int(value)).first()
    if need is None or need.partnership_id != scope.plan.partnership_id:
        raise NoSuchRows
    answers = ActivityNeed.objects.visible_to(scope.user).filter(need=need)
    words = f"Answering {need.area} at {need.school_link.school}, by any provider, hours in full"
    return Q(pk__in=answers.values("activity_school")), words


def _of_gap(scope, value):
    if value not in GAPS:
        raise NoSuchRows
    return evidence.gaps(scope).get(value, Q()), GAPS[value]


CONDITIONS = {
    "strand": _of_strand,
    "year_group": _of_year_group,
    "kind": _of_kind,
    "need": _of_need,
    "gap": _of_gap,
}


def _counted(row):
    if row["hours"] is None or row["people"] is None:
        return None
    return evidence.exact(row["hours"] * row["people"] * row["share_bp"] * row["weight"])


def _cursor(row):
    return f"{row['on'].isoformat()}.{row['pk']}.{row['learners_pk']}"


def _after(cursor):
    try:
        day, place, learners = cursor[:60].split(".")
        on, place, learners = date.fromisoformat(day), int(place), int(learners)
    except ValueError as error:
        raise NoSuchRows from error
    return Q(on__lt=on) | Q(on=on) & (Q(pk__lt=place) | Q(pk=place, learners_pk__lt=learners))
