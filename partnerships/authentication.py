"""How a program says who it is: a token in the header of each request."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from core import scope
from partnerships.models import ApiToken

NOT_IN_USE = (
    "This token is not in use: it is unknown, has run out or was revoked. "
    "Make a new one on your partnership’s page."
)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer fb_…`: the member whose token it is, in that partnership alone."""

    keyword = "Bearer"

    def authenticate(self, request):
        keyword, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
        if keyword.lower() != self.keyword.lower():
            return None
        with scope.everything():
            token = ApiToken.objects.holding(secret.strip())
            if token is None:
                raise AuthenticationFailed(NOT_IN_USE)
            ApiToken.objects.note_use(token)
        user = token.membership.user
        user.only_membership_id = token.membership_id
        user.only_partnership_id = token.partnership_id
        scope.enter(scope.Scope(person=user.pk, partnership=token.partnership_id))
        return user, token

    def authenticate_header(self, request):
        return self.keyword
