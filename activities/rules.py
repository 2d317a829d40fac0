"""Who may log, change and take away activities, and who may take them home in a file."""

import rules

from partnerships.rules import (
    TAKES_HOME,
    has_role,
    is_member,
    partnerships_where,
    works_with_schools,
)

LOG = "activities.log_activity"
EDIT = "activities.edit_activity"
CANCEL = "activities.cancel_activity"
LINK_NEEDS = "activities.link_needs"
ADD_OFFER = "activities.add_offer"
EXPORT = "activities.export_activities"
READ = "activities.read_activities"

rules.add_perm(READ, is_member)
rules.add_perm(LOG, works_with_schools)
rules.add_perm(EDIT, works_with_schools)
rules.add_perm(CANCEL, works_with_schools)
rules.add_perm(LINK_NEEDS, works_with_schools)
rules.add_perm(ADD_OFFER, works_with_schools)
rules.add_perm(EXPORT, has_role(*TAKES_HOME))


def partnership_ids_where(user, verb):
    """Return the ids of the partnerships in which the person may do `verb`."""
    return sorted(partnership.pk for partnership in partnerships_where(user, verb))
