"""What runs later: building an evidence pack."""

import os
from functools import partial

from core import jobs
from evaluation import reports
from evaluation.models import EvidencePack
from evaluation.rules import MAKE


@jobs.task
def build_pack(job):
    """Build and freeze the pack that the job names, as the person who asked may see it."""
    from evaluation import actions  # actions name this task, so it cannot be imported above

    pack = _pack_of(job)
    if pack is None or not job.owner.has_perm(MAKE, pack):
        raise jobs.JobProblem("You may no longer make packs in this partnership.")
    progress = partial(jobs.report_progress, job)
    if not pack.frozen_at:
        content, figures = reports.build(pack, by=job.owner, progress=progress)
        actions.freeze_pack(pack, content=content, figures=figures, by=job.owner)
    progress(job.total or 1, job.total or 1, "Frozen")
    job.result = {
        "url": pack.get_absolute_url(),
        "url_label": f"See pack {pack.reference}",
        "pid": os.getpid(),
    }


def _pack_of(job):
    return (
        EvidencePack.objects.visible_to(job.owner)
        .select_related("plan__provider", "plan__partnership", "period")
        .filter(pk=job.params["pack"])
        .first()
    )
