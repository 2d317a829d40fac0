"""How signing in differs from the library's way: nobody makes an account for themselves."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse

from accounts import browsers, throttle
from accounts.sessions import RENEWED
from core.limits import give_back


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a manager or an administrator, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask a manager of your partnership.",
        "email_password_mismatch": "The address or the password is not right. Check both.",
        "enter_current_password": "This is not your present password. Type it again.",
        "incorrect_code": "This code is not right. Check it against the e-mail.",
        "incorrect_password": "The password is not right. Type it again.",
        "too_many_login_attempts": "Too many wrong codes were typed. Ask for a new one.",
        "unknown_email": "We do not know this address. Check it.",
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """Check a password, no oftener than `accounts.throttle` lets the person who types it."""
        taken = throttle.take_password(request, credentials.get("email", ""))
        user = super().authenticate(request, **credentials)
        if user is not None:
            give_back(taken)
        return user

    def post_login(self, request, user, **kwargs):
        """Recognise this browser next time, and begin the session's idle time."""
        response = super().post_login(request, user, **kwargs)
        request.session[RENEWED] = int(time.time())
        browsers.remember(request, response, user.email)
        return response

    def get_reset_password_from_key_url(self, key):
        """The link of a letter leads to the site's own address, whatever the request called it."""
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return settings.SITE_URL + path.replace("UID-KEY", key)
