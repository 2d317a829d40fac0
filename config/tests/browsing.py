"""What people do on any page: sign in, sign out, wait for a job."""

import re

from django.core import mail

PASSWORD = "a password of many words"


def give_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page, base, user):
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{base}/")


def sign_in_by_code(page, base, email):
    page.goto(f"{base}/accounts/login/code/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/code/confirm/")
    letter = next(m for m in reversed(mail.outbox) if email in m.to)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", letter.body, re.MULTILINE).group(1)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page):
    page.context.clear_cookies()
