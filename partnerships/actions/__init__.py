"""What can be done in a partnership, a file for each noun; callers import from here."""

from partnerships.actions.continuations import decide_continuation, undo_continuation
from partnerships.actions.conversations import record_conversation
from partnerships.actions.founding import (
    add_hub,
    add_provider,
    found_partnership,
    rename_hub,
    set_recent_contact,
)
from partnerships.actions.people import (
    add_person,
    admit_lead,
    change_person,
    end_lead,
    end_person,
)
from partnerships.actions.priorities import weigh_priorities
from partnerships.actions.refusals import Refused, SavedBefore
from partnerships.actions.schools import (
    change_status,
    correct_year_groups,
    end_school,
    link_school,
)
from partnerships.actions.tokens import issue_token, revoke_token

__all__ = [
    "Refused",
    "SavedBefore",
    "add_hub",
    "add_person",
    "add_provider",
    "admit_lead",
    "change_person",
    "change_status",
    "correct_year_groups",
    "decide_continuation",
    "end_lead",
    "end_person",
    "end_school",
    "found_partnership",
    "issue_token",
    "link_school",
    "record_conversation",
    "rename_hub",
    "revoke_token",
    "set_recent_contact",
    "undo_continuation",
    "weigh_priorities",
]
