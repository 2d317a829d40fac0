"""How signing in differs from the library's way: nobody makes an account for themselves."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a manager or an administrator, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask a manager of your partnership.",
        "email_password_mismatch": "The address or the password is not right. Check both.",
        "enter_current_password": "This is not your present password. Type it again.",
        "incorrect_code": "This code is not right. Check it against the e-mail.",
        "incorrect_password": "The password is not right. Type it again.",
        "rate_limited": "That was too often. Wait a minute and try again.",
        "too_many_login_attempts": "Too many attempts failed. Wait five minutes and try again.",
        "unknown_email": "We do not know this address. Check it.",
    }

    def is_open_for_signup(self, request):
        return False
