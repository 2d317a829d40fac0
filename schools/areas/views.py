"""The page that profiles postcodes. They come in the body, never in an address; none is kept."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core import limits
from schools import actions
from schools.areas import exports, lists
from schools.areas.forms import FORMATS, ProfileForm
from schools.areas.looking import WARD_NOT_KNOWN, WARDS
from schools.areas.postcodes import OUTCOMES
from schools.models import PostcodeLoad

PROFILES = limits.Limit("profiles", 60, 600)
MOST_SENT_BACK = 2_000_000


@require_http_methods(["GET", "POST"])
def profile_postcodes(request):
    """Ask for postcodes; show what is known of them, or answer with a file of the rows."""
    form = ProfileForm()
    if request.method == "POST":
        limits.take((PROFILES, str(request.user.pk)))
        form = ProfileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, {"form": form})
    try:
        made = actions.profile_postcodes(form.texts, by=request.user, accepted=_accepted(request))
    except actions.NoPostcodes:
        return _page(request, {"form": form})
    wanted = request.POST.get("format")
    if wanted in FORMATS[1:]:
        return exports.rows_response(made, wanted, who=request.user)
    return _page(request, _result(made) | {"form": ProfileForm()})


def _accepted(request):
    ticked = request.POST.getlist("accept")
    return {int(row) for row in ticked if row.isascii() and row.isdigit() and len(row) < 9}


def _page(request, context):
    loads = list(PostcodeLoad.objects.order_by("layout", "-pk").distinct("layout"))
    return render(request, "schools/profile.html", {"loads": loads} | context)


def _result(made):
    rows = lists.kept(made.rows)
    return {
        "profile": made,
        "outcomes": [(OUTCOMES[name], number) for name, number in made.outcomes.items()],
        "tables": [_lines(table) for table in made.tables],
        "wards": _wards(made),
        "rows": rows if len(rows.encode()) <= MOST_SENT_BACK else "",
    }


def _lines(table):
    """A table as a page shows it: words, rows, and the share of those that are classified."""
    measure, whole = table.edition.measure, table.classified
    ends = {1: f", {measure.first}", 5: f", {measure.last}"}
    fifths = [
        (f"Quintile {fifth}{ends.get(fifth, '')}", number, _share(number, whole))
        for fifth, number in table.fifths.items()
    ]
    return {"of": table.edition, "fifths": fifths, "unclassified": table.unclassified.items()}


def _wards(made):
    """The rows by whether they lie in a target ward; the share is of those that are known."""
    counts = made.wards or {}
    whole = sum(counts.values()) - counts.get(WARD_NOT_KNOWN, 0)
    return [
        (WARDS[ward], number, "" if ward == WARD_NOT_KNOWN else _share(number, whole))
        for ward, number in counts.items()
    ]


def _share(number, whole):
    return f"{100 * number / whole:.1f}%" if whole else ""
