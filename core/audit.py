"""Write and read the audit trail. Called by actions, inside their transaction."""

from core.models import AuditEvent


def record(action, target, *, by, changes=None, partnership_id=None):
    """Note that `by` did `action` ("need.closed") to `target`; `changes` holds no learner data."""
    if partnership_id is None:
        partnership_id = getattr(target, "partnership_id", None)
    return AuditEvent.objects.create(
        action=action,
        actor_id=by.pk if by is not None else None,
        partnership_id=partnership_id,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        changes=changes or {},
    )


def history(target):
    """Return the events of one row, newest first. The caller has found the row by `visible_to`."""
    return AuditEvent.objects.filter(target_type=target._meta.label_lower, target_id=str(target.pk))
