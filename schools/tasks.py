"""What runs later: looking at a register file, applying it, undoing it, fetching it at night."""

from datetime import timedelta
from functools import partial

from celery import shared_task
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from core import jobs, scope
from core.models import Job
from schools import register
from schools.fetching import nightly
from schools.models import RegisterRun

FOLDER = "register/uploads"
KEPT_FOR = timedelta(days=7)
AS_IT_WAS = "The register is as it was."


@jobs.task
def preview_register(job):
    """Look at what the file that the job names changes, and forget the upload."""
    path = job.params["file"]
    try:
        _check_administrator(job)
        if not default_storage.exists(path):
            raise jobs.JobProblem("The file is no longer here. Choose it again, and load it.")
        _preview(job, path)
    except register.SameFile as same:
        job.result = {"url": reverse("schools:register"), "lines": [str(same)]}
    except register.Refused as refusal:
        raise jobs.JobProblem(f"{refusal} {AS_IT_WAS}") from refusal
    finally:
        default_storage.delete(path)
        _forget_left_overs()


def _preview(job, path):
    def reading(share):
        jobs.report_progress(job, int(share * 50), 100, "Reading the file")

    reading(0)
    with default_storage.open(path) as file:
        run = register.preview_file(
            file,
            by=job.owner,
            force_reason=job.params["reason"],
            origin=RegisterRun.Origin.PAGE,
            reading=reading,
            progress=partial(_look, job),
        )
    _done(job, run, "Looked at", f"See what {run.file_name} changes")
    if joins := run.joins.count():
        schools = "1 school" if joins == 1 else f"{joins:,} schools"
        job.result["lines"].insert(1, f"{schools} would go on under a new number.")
    job.result["left"] = "Nothing is changed until a site administrator applies it."


@jobs.task
def apply_run(job):
    """Apply the changes of the file that the job names, all of them or none."""
    _act(job, register.apply_run, "Applied", "See what it changed")


@jobs.task
def undo_run(job):
    """Put the register back to what it was before the file that the job names."""
    _act(job, register.undo_run, "Undone", "See what came of it")


def _act(job, act, said, label):
    _check_administrator(job)
    run = RegisterRun.objects.filter(pk=job.params["run"]).first()
    if run is None:
        raise jobs.JobProblem(f"The file is no longer here. {AS_IT_WAS}")
    jobs.report_progress(job, 0, 100, "Comparing with the register")
    more = {"progress": partial(_look, job)} if act is register.apply_run else {}
    try:
        # Whether a row is in use, and who goes on for whom, is asked across all partnerships.
        with scope.everything():
            act(run, by=job.owner, **more)
    except register.Refused as refusal:
        raise jobs.JobProblem(f"{refusal} {AS_IT_WAS}") from refusal
    run.refresh_from_db()
    _done(job, run, said, label)


def _look(job, done, total):
    # A look, not a report: the whole import is one transaction, which nobody sees into.
    if not Job.objects.visible_to(job.owner).running().filter(pk=job.pk).exists():
        raise jobs.Stopped


def _done(job, run, phase, label):
    jobs.report_progress(job, 100, 100, phase)
    job.result = {
        "url": run.get_absolute_url(),
        "url_label": label,
        "lines": [_counts(run), *run.notices, *run.kept],
    }


def _counts(run):
    names = ("new", "changed", "unchanged", "closed", "missing")
    words = ("new", "changed", "unchanged", "closed", "not in the file, and kept")
    counts = [f"{getattr(run, name):,} {word}" for name, word in zip(names, words, strict=True)]
    return f"Of {run.rows:,} rows: {', '.join(counts)}."


def _check_administrator(job):
    if not (job.owner.is_active and job.owner.is_staff):
        raise jobs.JobProblem("Only a site administrator loads the register.")


def _forget_left_overs():
    """Delete files whose job was stopped before it began."""
    too_old = timezone.now() - KEPT_FOR
    for folder in default_storage.listdir(FOLDER)[0]:
        folder = f"{FOLDER}/{folder}"
        files = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        old = [path for path in files if default_storage.get_modified_time(path) < too_old]
        for path in old:
            default_storage.delete(path)


@shared_task(name="schools.tasks.fetch_register")
def fetch_register():
    """Bring the register up to date by itself, where a source is configured."""
    with scope.everything():
        return [fetch.said for fetch in nightly.fetch_all()]
