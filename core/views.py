"""Pages of no room in particular: jobs and their files, and in a demonstration the mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import audit, jobs, mailbox, working
from core.health import parts
from core.models import Job

PER_PAGE = 50


@require_GET
def job_list(request):
    """List a person's own jobs, newest first."""
    rows = Job.objects.visible_to(request.user).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    shown = list(rows[: PER_PAGE + 1])
    older = shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None
    return render(
        request,
        "core/jobs.html",
        {
            "nav": "data",
            "jobs": shown[:PER_PAGE],
            "newer": request.path if before else None,
            "older": f"?before={older}" if older else None,
        },
    )


@require_GET
def job(request, pk):
    """Show how far a job is; polled by the page itself until the job has ended."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    context = {"nav": "data", "job": job, "left": _time_left(job), "link": _result_link(job)}
    if not request.htmx:
        return render(request, "core/job.html", context)
    if not job.is_ended:
        return render(request, "core/_job_progress.html", context)
    response = render(request, "core/_job.html", context)
    response["HX-Retarget"] = "#job"
    response["HX-Reswap"] = "outerHTML"
    return response


@require_POST
def job_cancel(request, pk):
    """Stop a job at the next piece of its work."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if jobs.cancel(job, by=request.user):
        messages.success(request, "Stopped. Nothing more is written.")
    else:
        messages.info(request, "This job had ended already.")
    return redirect("core:job", pk=job.pk)


@require_GET
def job_file(request, pk):
    """Hand a job's file to the person who asked for the job, and note it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if not job.file or not job.file.storage.exists(job.file.name):
        raise Http404
    audit.record("job.downloaded", job, by=request.user)
    response = FileResponse(job.file.open("rb"), as_attachment=True, filename=job.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _time_left(job):
    if job.is_ended or not job.started_at or not job.done or job.done >= job.total:
        return ""
    passed = (timezone.now() - job.started_at).total_seconds()
    left = passed * (job.total - job.done) / job.done
    if left > 90:
        return f"About {round(left / 60)} minutes left"
    return f"About {max(5, 5 * round(left / 5))} seconds left"


def _result_link(job):
    url = str(job.result.get("url", "")) if isinstance(job.result, dict) else ""
    return url if url.startswith("/") and not url.startswith("//") else ""


@require_GET
def health(request):
    """Show the site administrator how the queue, the workers and the files are doing."""
    if not request.user.is_staff:
        raise PermissionDenied("This page is for the site administrator.")
    return render(
        request,
        "core/health.html",
        {"parts": parts(), "workers": working.workers(), **working.now_working()},
    )


@transaction.non_atomic_requests
@require_GET
@login_not_required
def dev_mail(request):
    """List the mail that a demonstration site would have sent."""
    _only_in_a_demonstration()
    return render(request, "core/dev_mail.html", {"letters": mailbox.letters()})


@transaction.non_atomic_requests
@require_GET
@login_not_required
def dev_mail_message(request, key):
    """Show one of those messages as plain text."""
    _only_in_a_demonstration()
    for letter in mailbox.letters():
        if letter["key"] == key:
            return render(request, "core/dev_mail_message.html", {"letter": letter})
    raise Http404


def _only_in_a_demonstration():
    if not settings.DEMO or not getattr(settings, "EMAIL_FILE_PATH", None):
        raise Http404
