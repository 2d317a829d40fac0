"""Letters to people who were given a role or a school."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse


def invite_person(membership, *, by):
    """Tell a person that they were added, and how to sign in."""
    _send(
        "person",
        f"You can now sign in to {membership.partnership} on Footbridge",
        membership.user,
        {"partnership": membership.partnership, "role": membership.get_role_display(), "by": by},
    )


def invite_lead(access, *, by):
    """Tell a school lead what they can do, and how to sign in without a password."""
    link = access.school_link
    _send(
        "lead",
        f"{link.partnership} asks you to write {link.school}’s side",
        access.user,
        {"partnership": link.partnership, "school": link.school, "by": by},
    )


def _send(letter, subject, user, context):
    context |= {
        "user": user,
        "code_url": settings.SITE_URL + reverse("account_request_login_code"),
        "password_url": settings.SITE_URL + reverse("account_reset_password"),
    }
    text = render_to_string(f"partnerships/mail/{letter}.txt", context)
    send_mail(" ".join(subject.split()), text, None, [user.email])
