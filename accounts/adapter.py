"""How signing in differs from the library's way: nobody makes an account for themselves."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a manager or an administrator, never by signing up."""

    def is_open_for_signup(self, request):
        return False
