"""The home page: by role, my week, what needs me, and who has gone quiet."""

from django.shortcuts import redirect, render
from django.utils import timezone

from dashboards import home as reading
from dashboards.register_changes import noticed
from partnerships.models import SchoolLink
from partnerships.rules import memberships_of, works_with_schools


def home(request):
    """Staff see their work; a school lead sees their school; a stranger is told what to do."""
    partnerships = [membership.partnership for membership in memberships_of(request.user)]
    if not partnerships:
        return _home_of_a_lead(request)
    today = timezone.localdate()
    links = reading.my_links(request.user, today)
    works = any(works_with_schools(request.user, row) for row in partnerships)
    tasks, tasks_in_all = reading.tasks_for(request.user, links, today) if works else ([], 0)
    quiet, quiet_in_all = reading.quiet_schools(request.user, links, today)
    return render(
        request,
        "dashboards/home.html",
        {
            "nav": "home",
            "today": today,
            "works": works,
            "week": reading.week_of(request.user, today) if works else [],
            "tasks": tasks,
            "tasks_in_all": tasks_in_all,
            "quiet": quiet,
            "quiet_in_all": quiet_in_all,
            "recent": reading.recent_activity(request.user, links),
            "partnerships": partnerships,
            "register_changes": noticed(request.user, today),
        },
    )


def _home_of_a_lead(request):
    links = list(SchoolLink.objects.visible_to(request.user).with_names())
    if len(links) == 1:
        return redirect(links[0])
    return render(request, "dashboards/welcome.html", {"nav": "home", "links": links})
