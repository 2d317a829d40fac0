"""Who may: roles are rows, policy is one line per verb."""

import rules

from accounts.rules import SET_PASSWORD
from partnerships.models import Partnership, Role
from partnerships.models.reach import led_link_ids_of, memberships_of

MANAGE = "partnerships.manage_partnership"
CONVERSE = "partnerships.record_conversation"
ISSUE = "partnerships.issue_token"
REVOKE = "partnerships.revoke_token"
WEIGH = "partnerships.weigh_priorities"
# Who may take away single activities. Totals and public facts leave with every member.
TAKES_HOME = tuple(role for role in Role if role != Role.VIEWER)


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
def holds_token(user, token):
    """The ApiToken `token` acts as the person."""
    return token is not None and token.membership.user_id == user.pk


@rules.predicate
def leads_school(user, link):
    """The person is a school lead of the SchoolLink `link`."""
    return link is not None and link.pk in led_link_ids_of(user)


@rules.predicate
def may_have_password(user):
    """Who works for a partnership or the site may; school leads sign in by code alone."""
    return user.is_staff or works_anywhere(user)


rules.add_perm(SET_PASSWORD, may_have_password)
rules.add_perm(MANAGE, is_manager)
rules.add_perm(WEIGH, is_manager)
rules.add_perm(CONVERSE, works_with_schools)
rules.add_perm(ISSUE, is_member)
rules.add_perm(REVOKE, holds_token | is_manager)
