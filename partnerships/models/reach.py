"""How far a person reaches: where they work and which schools they lead.

Read once and kept on the user object, so for one request or one job.
"""

from django.apps import apps


def memberships_of(user):
    """Return the person's live Memberships with their partnerships, by the partnerships' names."""
    if not hasattr(user, "_memberships"):
        rows = apps.get_model("partnerships", "Membership").objects.live_of(user)
        rows = rows.select_related("partnership").order_by("partnership__name", "pk")
        user._memberships = list(rows)
    return user._memberships


def partnership_ids_of(user):
    """Return the ids of the partnerships that the person works in."""
    return [membership.partnership_id for membership in memberships_of(user)]


def led_link_ids_of(user):
    """Return the ids of the school links that the person leads."""
    if not hasattr(user, "_led_link_ids"):
        rows = apps.get_model("partnerships", "SchoolAccess").objects.live_of(user)
        user._led_link_ids = list(rows.order_by("pk").values_list("school_link", flat=True))
    return user._led_link_ids


def forget_reach(user):
    """Read it again at the next look: for who has just been given or refused a place."""
    for name in ("_memberships", "_led_link_ids"):
        user.__dict__.pop(name, None)
