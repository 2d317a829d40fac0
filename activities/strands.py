"""Which strand an activity counts under: proposed with its reason, never guessed."""

from partnerships.models import Strand

NOT_FOR_LEARNERS = {"teacher-cpd", "parents"}
ATTAINMENT = "attainment-"
NOT_YET_SAID = ""


def propose(kind, needs=(), status=None, *, adapted=False):
    """Return (Strand or None, the reason as a sentence); the first row that fits decides.

    ===================================================== ====================
    a meeting or call                                     strategic engagement
    the type has a strand of its own                      that strand
    adapted from an offer, and answers a need             proactive support
    targeted school, for learners, answers attainment     attainment raising
    targeted school, for learners                         targeted outreach
    hub school, and answers a need                        proactive support
    hub school, no need linked                            not yet said
    anything else                                         not yet said
    ===================================================== ====================

    `status` is the SchoolLinkStatus of the day; a hub school that is also a targeted outreach
    school falls to proactive support only where the activity is not for learners.
    """
    if kind.default_strand_id:
        return kind.default_strand, f"{kind.name} always counts as this strand."
    facts = _facts(kind, needs, status, adapted)
    code, reason = next((code, reason) for fits, code, reason in TABLE if fits(facts))
    return (Strand.objects.get(code=code) if code else None), reason


TABLE = [
    (
        lambda f: f["conversation"],
        "strategic",
        "Talking and planning with a school is strategic engagement.",
    ),
    (
        lambda f: f["adapted"] and f["needs"],
        "proactive",
        "It was adapted from an offer to answer a need.",
    ),
    (
        lambda f: f["targeted"] and f["learners"] and f["attainment"],
        "attainment",
        "It answers an attainment need for learners of a targeted outreach school.",
    ),
    (
        lambda f: f["targeted"] and f["learners"],
        "targeted",
        "It is for learners of a targeted outreach school.",
    ),
    (
        lambda f: f["hub_school"] and f["needs"],
        "proactive",
        "It answers a need of a hub school.",
    ),
    (
        lambda f: f["hub_school"],
        NOT_YET_SAID,
        "A hub school, but no need is linked yet. Link one, or choose a strand.",
    ),
    (
        lambda f: True,
        NOT_YET_SAID,
        "Nothing about the type, the needs or the school settles it. Choose a strand.",
    ),
]


def _facts(kind, needs, status, adapted):
    return {
        "conversation": kind.is_conversation,
        "adapted": adapted,
        "needs": bool(needs),
        "attainment": any(need.area.code.startswith(ATTAINMENT) for need in needs),
        "learners": kind.code not in NOT_FOR_LEARNERS,
        "targeted": bool(status and status.targeted),
        "hub_school": bool(status and status.hub_school),
    }
