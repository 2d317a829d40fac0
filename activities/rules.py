"""Who may log, change and take away activities."""

import rules

from partnerships.models import Role
from partnerships.rules import has_role, is_member, works_with_schools

LOG = "activities.log_activity"
EDIT = "activities.edit_activity"
CANCEL = "activities.cancel_activity"
EXPORT = "activities.export_activities"

rules.add_perm(LOG, works_with_schools)
rules.add_perm(EDIT, works_with_schools)
rules.add_perm(CANCEL, works_with_schools)
rules.add_perm(EXPORT, is_member & ~has_role(Role.VIEWER))
