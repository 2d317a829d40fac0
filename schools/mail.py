"""Letters to whoever keeps the site."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse


def tell_operator(fetch):
    """Say that a file could not be fetched or loaded; returns whether there is anybody to tell."""
    to = settings.OPERATOR["contact"]
    if not to:
        return False
    page = settings.SITE_URL + reverse("schools:register")
    text = render_to_string("schools/mail/fetch_failed.txt", {"fetch": fetch, "page": page})
    send_mail("Footbridge could not bring the school register up to date", text, None, [to])
    return True
