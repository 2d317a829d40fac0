"""What runs later: files of more schools than a request should wait for."""

from tempfile import TemporaryFile

from django.http import QueryDict

from core import jobs
from dashboards import actions, exports, finding
from dashboards.contents import CONTENTS
from schools.models import School


@jobs.task
def export_schools(job):
    """Write a file of the schools of a filter; whose they are is asked again now."""
    query, format = job.params["query"], job.params["format"]
    contents = job.params.get("contents", "schools")  # an older job has none
    form = finding.FinderForm(QueryDict(query), user=job.owner)
    if not form.is_valid():
        raise jobs.JobProblem("A part of the filter no longer exists. Start from the list again.")
    if "with_us" in form.data and "with_us" not in form.fields:
        raise jobs.JobProblem("The filter is about your schools, and you have none any more.")
    found = finding.find(School.objects.visible_to(job.owner), job.owner, form.cleaned_data)
    total = CONTENTS[contents].count(found.schools)

    def progress(done, total):
        jobs.report_progress(job, done, total, "Writing rows")

    with TemporaryFile() as file:
        cover = exports.cover_of(job.owner, form, contents, total)
        schools = found.order.of(found.schools)
        name = exports.write(file, format, contents, cover, schools, total=total, progress=progress)
        actions.note_export_schools(
            form.noted(),
            contents=contents,
            format=format,
            rows=total,
            partnerships=finding.concerned(job.owner, form),
            by=job.owner,
        )
        file.seek(0)
        jobs.keep_file(job, file, name)
