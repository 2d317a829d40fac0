"""Who may: roles are rows, policy is one line per verb."""

import rules

from partnerships.models import Membership, Partnership, Role, SchoolAccess

MANAGE = "partnerships.manage_partnership"
CONVERSE = "partnerships.record_conversation"


def memberships_of(user):
    """Return the person's live Memberships with their partnerships; read once a request."""
    if not hasattr(user, "_memberships"):
        live = Membership.objects.filter(user=user.pk, ended_on__isnull=True)
        user._memberships = list(
            live.select_related("partnership").order_by("partnership__name", "pk")
        )
    return user._memberships


def role_in(user, partnership_id):
    """Return the person's Role value in the partnership, or None."""
    return next(
        (row.role for row in memberships_of(user) if row.partnership_id == partnership_id), None
    )


def works_anywhere(user):
    """Whether the person is a member of some partnership: lists and boards are for staff."""
    return bool(memberships_of(user))


def partnerships_where(user, verb):
    """Return the Partnerships in which the person may do `verb`."""
    return [row.partnership for row in memberships_of(user) if user.has_perm(verb, row.partnership)]


def _partnership_id(subject):
    return subject.pk if isinstance(subject, Partnership) else subject.partnership_id


def has_role(*roles):
    """Make a predicate: the person holds one of `roles` in the subject's partnership."""

    @rules.predicate(f"has_role:{','.join(roles)}")
    def predicate(user, subject):
        return subject is not None and role_in(user, _partnership_id(subject)) in roles

    return predicate


is_manager = has_role(Role.MANAGER)
works_with_schools = has_role(Role.OFFICER, Role.HUB, Role.MANAGER)
is_member = has_role(*Role.values)


@rules.predicate
def leads_school(user, link):
    """The person is a school lead of the SchoolLink `link`."""
    return (
        link is not None and SchoolAccess.objects.live_of(user).filter(school_link=link.pk).exists()
    )


rules.add_perm(MANAGE, is_manager)
rules.add_perm(CONVERSE, works_with_schools)
