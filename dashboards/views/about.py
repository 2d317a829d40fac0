"""Pages about the site itself, open to everybody: help, accessibility, privacy, complaints."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.disclosure.rules import MEANINGS
from dashboards import about


@require_safe
@login_not_required
def show_help(request):
    """Say how to do each job, what the words and marks mean, and whom to ask."""
    return _page(request, "help", {"glossary": about.GLOSSARY, "marks": MEANINGS.values()})


@require_safe
@login_not_required
def accessibility(request):
    """Say how far the site can be used by everybody, and what to do where it cannot."""
    duty = about.DUTIES["accessibility"]
    return _page(request, "accessibility", {"duty": duty, "tested_on": about.TESTED_ON})


@require_safe
@login_not_required
def privacy(request):
    """Say what is held about whom, what for, how long, and which rights people have."""
    context = {
        "duty": about.DUTIES["privacy"],
        "complaints": about.DUTIES["complaints"],
        "job_file_days": settings.JOB_FILES_KEPT_DAYS,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return _page(request, "privacy", context)


@require_safe
@login_not_required
def complaints(request):
    """Say how to complain about the use of data, and what happens then."""
    return _page(request, "complaints", {"duty": about.DUTIES["complaints"]})


def _page(request, name, context):
    context |= {
        "nav": "about",
        "operator": settings.OPERATOR,
        "is_demo": settings.DEMO,
        "contacts": about.whom_to_ask(request.user),
    }
    return render(request, f"dashboards/{name}.html", context)
