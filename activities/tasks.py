"""What runs later: files of more activities than a request should wait for."""

from tempfile import TemporaryFile

from django.http import QueryDict
from django.utils import timezone

from activities import actions, exports
from activities.filters import ActivityFilter
from activities.models import Activity
from activities.rules import EXPORT, partnership_ids_where
from core import jobs


class Asked:
    """What a filter needs of a request: who asks."""

    def __init__(self, user):
        self.user = user


@jobs.task
def export_activities(job):
    """Write the rows of a filter to a file; what its owner may see is asked again now."""
    query, format = job.params["query"], job.params["format"]
    ids = partnership_ids_where(job.owner, EXPORT)
    if not ids:
        raise jobs.JobProblem("Your role no longer lets you export activities.")
    rows = Activity.objects.visible_to(job.owner).filter(partnership__in=ids)
    filterset = ActivityFilter(QueryDict(query), rows, request=Asked(job.owner))
    if not filterset.form.is_valid():
        raise jobs.JobProblem("A part of the filter no longer exists. Start from the list again.")
    total = filterset.qs.count()

    def progress(done, total):
        jobs.report_progress(job, done, total, "Writing rows")

    with TemporaryFile() as file:
        cover = exports.cover_of(job.owner, filterset, total)
        exports.write(file, format, cover, filterset.qs.newest_first(), total, progress)
        job.refresh_from_db(fields=["owner"])
        if partnership_ids_where(job.owner, EXPORT) != ids:
            raise jobs.JobProblem("Your role changed while the file was written. Start it again.")
        chosen = filterset.noted()
        actions.note_export(chosen, format=format, rows=total, partnerships=ids, by=job.owner)
        file.seek(0)
        jobs.keep_file(job, file, f"activities-{timezone.localdate():%Y-%m-%d}.{format}")
