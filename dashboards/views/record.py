"""The register's whole record of a school, open to everyone who is signed in."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dashboards import record
from schools import areas, lineage, results
from schools.models import RegisterRun, School


@require_GET
def school_record(request, pk):
    """Every fact that is published about a school, where it came from, and what changed when."""
    schools = School.objects.visible_to(request.user).select_related("current")
    school = get_object_or_404(schools, pk=pk)
    context = {
        "nav": "schools",
        "school": school,
        **lineage.follows(school),
        "areas": areas.facts_of(school),
        "results": results.results_of(school),
        "records": record.records_of(school),
        "changes": record.changes_of(school),
        "run": RegisterRun.objects.applied().first(),
    }
    return render(request, "dashboards/record.html", context)
