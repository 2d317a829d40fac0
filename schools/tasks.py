"""What runs later: loading the register from a file that was handed in."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import Job
from schools.register import Refused, import_file

FOLDER = "register"
KEPT_FOR = timedelta(days=7)


@jobs.task
def import_register(job):
    """Load the file that the job names, all of it or nothing, and forget the file."""
    path = job.params["file"]
    try:
        if not (job.owner.is_active and job.owner.is_staff):
            raise jobs.JobProblem("Only a site administrator loads the register.")
        if not default_storage.exists(path):
            raise jobs.JobProblem("The file is no longer here. Choose it again, and load it.")
        _import(job, path)
    except Refused as refusal:
        raise jobs.JobProblem(f"{refusal} The register is as it was.") from refusal
    finally:
        default_storage.delete(path)
        _forget_left_overs()


def _import(job, path):
    def reading(share):
        jobs.report_progress(job, int(share * 50), 100, "Reading the file")

    def progress(done, total):
        # A look, not a report: the whole import is one transaction, which nobody sees into.
        if not Job.objects.visible_to(job.owner).running().filter(pk=job.pk).exists():
            raise jobs.Stopped

    reading(0)
    with default_storage.open(path) as file:
        result = import_file(
            file,
            by=job.owner,
            force_reason=job.params["reason"],
            reading=reading,
            progress=progress,
        )
    jobs.report_progress(job, 100, 100, "Loaded")
    job.result = {
        "url": f"{reverse('schools:register')}#run-{result.run.pk}",
        "url_label": "See what the file changed",
        "lines": _counts(result) + result.notices,
    }


def _counts(result):
    if result.same_file:
        return list(result.in_words())
    names = ("new", "changed", "unchanged", "closed", "missing")
    words = ("new", "changed", "unchanged", "closed", "not in the file, and kept")
    counts = [
        f"{getattr(result.run, name):,} {word}" for name, word in zip(names, words, strict=True)
    ]
    return [f"Of {result.run.rows:,} rows: {', '.join(counts)}."]


def _forget_left_overs():
    """Delete files whose job was stopped before it began."""
    too_old = timezone.now() - KEPT_FOR
    for folder in default_storage.listdir(FOLDER)[0]:
        folder = f"{FOLDER}/{folder}"
        files = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        old = [path for path in files if default_storage.get_modified_time(path) < too_old]
        for path in old:
            default_storage.delete(path)
