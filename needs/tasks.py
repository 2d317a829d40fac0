"""What runs later: the figures of a partnership's year."""

import os

from core import jobs, scope
from needs import summaries


@jobs.task
def summarise_needs(job):
    """Recompute one partnership-year, hub by hub; each hub's old figures stay until swapped.

    The figures are the partnership's, whoever's rating called for them, and although they left.
    """
    with scope.everything():
        _summarise(job)


def _summarise(job):
    school_year = job.params["school_year"]
    hubs = summaries.hubs_of(job.partnership_id)
    total = len(hubs) + 1
    for done, hub in enumerate(hubs):
        jobs.report_progress(job, done, total, f"Counting {hub.name}")
        summaries.recompute_hub(job.partnership_id, school_year, hub.pk)
    jobs.report_progress(job, len(hubs), total, "Counting all schools")
    ratings = summaries.recompute_all(job.partnership_id, school_year)
    jobs.report_progress(job, total, total, "Done")
    job.result = {"pid": os.getpid(), "ratings": ratings}
