"""How a partnership weighs the reasons to work with a school."""

from django.db import transaction
from django.utils import timezone

from core import audit, versions
from partnerships.actions.refusals import Refused
from partnerships.models import Partnership, PriorityWeights
from partnerships.models.priorities import COMPONENTS, MOST, priority_rules


@transaction.atomic
def weigh_priorities(partnership, *, weights, version, by):
    """Keep the weight, 0 to 10, of each component; `version` is 0 where none were kept before.

    Raises `Stale` where somebody else has weighed them since.
    """
    _check(weights)
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    row = PriorityWeights.objects.filter(partnership=partnership).first()
    if row is None:
        if version:
            raise Refused("These weights are not there any more. Load the page again.")
        row, before = PriorityWeights(partnership=partnership), priority_rules()["weights"]
    else:
        row = versions.claim(row, version)
        before = row.as_dict()
    for name in COMPONENTS:
        setattr(row, name, weights[name])
    row.weighed_by, row.weighed_at = by, timezone.now()
    row.save()
    changes = {
        name: [before[name], weights[name]] for name in COMPONENTS if before[name] != weights[name]
    }
    audit.record("priorities.weighed", row, by=by, changes=changes)
    return row


def _check(weights):
    if set(weights) != set(COMPONENTS):
        raise Refused(f"Say a weight for each of {', '.join(COMPONENTS)}.")
    for name, weight in weights.items():
        if type(weight) is not int or not 0 <= weight <= MOST:
            raise Refused(f"Choose a whole number from 0 to {MOST} for {name}.")
    if not any(weights.values()):
        raise Refused("Give at least one of them more than 0, or nothing is left to rank by.")
