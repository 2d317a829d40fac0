"""Who a command acts for."""

from django.core.management.base import CommandError

from accounts.models import User


def person(email):
    """The person with this e-mail address; None where none is named."""
    if not email:
        return None
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"Nobody here has the e-mail address {email}.")
    return found
