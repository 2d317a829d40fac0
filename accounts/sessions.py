"""How long a sign-in lasts: until nobody has done anything for SESSION_COOKIE_AGE seconds."""

import time

RENEWED = "renewed"
RENEW_AFTER = 600


class Renewal:
    """Put off the end of a session that is in use, by writing it every ten minutes at most."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed and not request.session.is_empty():
            now = int(time.time())
            if now - request.session.get(RENEWED, now) >= RENEW_AFTER:
                request.session[RENEWED] = now
        return response
