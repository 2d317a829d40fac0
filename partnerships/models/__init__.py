"""Who works with which school; ownership begins here."""

from partnerships.models.api_token import ApiToken
from partnerships.models.continuation import Continuation
from partnerships.models.conversation import Conversation
from partnerships.models.partnership import (
    Hub,
    Membership,
    MembershipHub,
    Partnership,
    Programme,
    Provider,
    Role,
    Strand,
)
from partnerships.models.priorities import PriorityWeights
from partnerships.models.school_link import SchoolAccess, SchoolLink, SchoolLinkStatus

__all__ = [
    "ApiToken",
    "Continuation",
    "Conversation",
    "Hub",
    "Membership",
    "MembershipHub",
    "Partnership",
    "PriorityWeights",
    "Programme",
    "Provider",
    "Role",
    "SchoolAccess",
    "SchoolLink",
    "SchoolLinkStatus",
    "Strand",
]
