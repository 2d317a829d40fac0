"""The register's whole record of a school, open to everyone who is signed in."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import audit
from core.exports import format_in
from core.limits import EXPORTS, limited
from dashboards import record, record_file
from schools import areas, lineage, results
from schools.models import RegisterRun, School


@require_GET
def school_record(request, pk):
    """Every fact that is published about a school, where it came from, and what changed when."""
    school = _find(request.user, pk)
    context = {
        "nav": "schools",
        "school": school,
        **lineage.follows(school),
        "areas": areas.facts_of(school),
        "ward": areas.ward_of(school),
        "results": results.results_of(school),
        "records": record.records_of(school),
        "changes": record.changes_of(school),
        "run": RegisterRun.objects.shown(),
    }
    return render(request, "dashboards/record.html", context)


@require_GET
@limited(EXPORTS)
def record_download(request, pk):
    """The same as a file, a row for each fact."""
    school = _find(request.user, pk)
    format = format_in(request.GET)
    audit.record("school_record.exported", school, by=request.user, changes={"format": format})
    return record_file.answer(format, school, by=request.user)


def _find(user, pk):
    schools = School.objects.visible_to(user).select_related("current")
    return get_object_or_404(schools, pk=pk)
