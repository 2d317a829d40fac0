"""What the frame of every page shows: the places, the partnerships and the person."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from partnerships.models import SchoolLink
from partnerships.rules import MANAGE, memberships_of, works_with_schools

PLACES = [
    ("home", "Home", "dashboards:home"),
    ("schools", "Schools", "dashboards:schools"),
    ("needs", "Needs", "dashboards:needs"),
    ("activities", "Activities", "activities:list"),
    ("evidence", "Evidence", "evaluation:plans"),
    ("data", "Data", "core:jobs"),
]


def shell(request):
    """Template context `shell`; read only when a template asks for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell": {}}
    return {"shell": SimpleLazyObject(lambda: _shell_of(user))}


def _shell_of(user):
    partnerships = [membership.partnership for membership in memberships_of(user)]
    led = [] if partnerships else list(SchoolLink.objects.visible_to(user).with_names())
    names = [partnership.name for partnership in partnerships]
    return {
        "places": _places() if partnerships else [],
        "log_url": reverse("activities:log")
        if any(works_with_schools(user, partnership) for partnership in partnerships)
        else "",
        "partnerships": names or sorted({link.partnership.name for link in led}),
        "own": [
            {
                "name": partnership.name,
                "url": partnership.get_absolute_url(),
                "managed": user.has_perm(MANAGE, partnership),
            }
            for partnership in partnerships
        ],
        "user_initials": user.initials,
        "is_school_lead": bool(led),
    }


def _places():
    return [{"key": key, "label": label, "url": reverse(name)} for key, label, name in PLACES]
