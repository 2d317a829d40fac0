"""What people can change about themselves."""

from django.db import transaction

from accounts.models import User
from core import audit


@transaction.atomic
def set_theme(user, *, theme, by):
    """Choose the look of the pages."""
    if theme not in User.Theme.values:
        raise ValueError("There is no such look.")
    user.theme = theme
    user.save(update_fields=["theme"])
    audit.record("user.theme_set", user, by=by, changes={"theme": theme})
    return user


@transaction.atomic
def change_profile(user, *, name, theme, by):
    """Change a person's own name and look."""
    changed = [
        field for field, new in (("name", name), ("theme", theme)) if getattr(user, field) != new
    ]
    user.name, user.theme = name, theme
    user.save(update_fields=["name", "theme"])
    audit.record("user.changed", user, by=by, changes={"fields": changed})
    return user
