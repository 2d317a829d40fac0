"""School choice: the schools of an area in order, why, and what other weights would change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import audit
from core.exports import format_in
from core.limits import EXPORTS, limited
from core.versions import Stale
from dashboards.choice import COMPONENTS, choose, exports, saved_weights
from dashboards.choice.forms import PoolForm, WeighForm, WeightsForm
from dashboards.choice.pool import own_authorities
from dashboards.choice.scores import LABELS
from partnerships import actions
from partnerships.models import Partnership
from partnerships.models.priorities import priority_rules
from partnerships.rules import WEIGH

PER_PAGE = 50
FIRST = ("authority", "also", "independents", "cold", "new")


@require_GET
def choice(request, pk):
    """The schools in order, with the weights kept or with those that are tried."""
    partnership = _find(request, pk)
    return render(request, "dashboards/choice.html", _page(request, partnership, request.GET))


@require_POST
def weigh_priorities(request, pk):
    """Keep other weights; a stale save is shown the difference."""
    partnership = _find(request, pk)
    if not request.user.has_perm(WEIGH, partnership):
        raise PermissionDenied
    page = _page(request, partnership, request.POST)
    form = WeighForm(request.POST, weights=page["choice"].weights)
    if not form.is_valid():
        return render(request, "dashboards/choice.html", page | {"unsaved": form})
    try:
        actions.weigh_priorities(
            partnership,
            weights=form.weights(),
            version=form.cleaned_data["version"],
            by=request.user,
        )
    except Stale as stale:
        page["differences"] = _differences(form.weights(), stale.current)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        page["unsaved"] = form
    else:
        messages.success(request, "Weights saved. The order below is the one everyone sees.")
        return redirect(f"{_address(partnership)}?{_query(request.POST, FIRST)}")
    return render(request, "dashboards/choice.html", page)


@require_GET
@limited(EXPORTS)
def choice_download(request, pk):
    """The rows of the page as a file, with every component, the weights and the dates."""
    partnership = _find(request, pk)
    page = _page(request, partnership, request.GET)
    kind = format_in(request.GET)
    audit.record(
        "priorities.exported",
        partnership,
        by=request.user,
        changes={"kind": kind, "rows": len(page["shown"])},
        partnership_id=partnership.pk,
    )
    return exports.answer(kind, partnership, page["choice"], page["shown"], by=request.user)


def _find(request, pk):
    return get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)


def _address(partnership):
    return reverse("dashboards:choice", args=[partnership.pk])


def _page(request, partnership, asked):
    """Everything that the page shows for what is asked, in GET or with a save."""
    today, user = timezone.localdate(), request.user
    kept = saved_weights(user, partnership)
    filters = PoolForm(asked, own=own_authorities(user, partnership, today))
    given = any(name in asked for name in COMPONENTS)
    trial = WeightsForm(asked if given else None, weights=kept[1])
    cleaned = filters.cleaned_data if filters.is_valid() else {}
    chosen = choose(
        *(user, partnership, today),
        kept=kept,
        authorities=filters.authorities() if cleaned else (),
        independents=cleaned.get("independents", False),
        tried=trial.weights() if given and trial.is_valid() else None,
    )
    shown = chosen.narrowed(cold=cleaned.get("cold", False), new=cleaned.get("new", False))
    return {
        "nav": "schools",
        "partnership": partnership,
        "choice": chosen,
        "filters": filters,
        "trial": trial,
        "shown": shown,
        "rules": priority_rules(),
        "may_weigh": user.has_perm(WEIGH, partnership),
        "query": _query(asked, (*FIRST, *COMPONENTS)),
        "without_trial": _query(asked, FIRST),
        **_cut(asked, shown),
    }


def _query(asked, names):
    """The part of what was asked that is in `names`, as an address carries it."""
    kept = asked.copy()
    for name in [name for name in kept if name not in names]:
        del kept[name]
    return kept.urlencode()


def _cut(asked, shown):
    """The rows of one page and the numbers of its neighbours."""
    said = asked.get("page", "")
    last = max(1, -(-len(shown) // PER_PAGE))
    number = min(int(said), last) if said.isascii() and said.isdigit() and len(said) < 6 else 1
    number = max(number, 1)
    start = (number - 1) * PER_PAGE
    return {
        "rows": shown[start : start + PER_PAGE],
        "number": number,
        "pages": last,
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number < last else None,
    }


def _differences(yours, current):
    """Where the weights kept meanwhile are others: [(reason, kept now, yours)]."""
    now = current.as_dict()
    return {
        "by": current.weighed_by.name,
        "rows": [
            (LABELS[name], now[name], yours[name])
            for name in COMPONENTS
            if now[name] != yours[name]
        ],
    }
