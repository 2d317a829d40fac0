"""How often somebody may try to sign in, so that guessing is slow and nobody is locked out.

Failures count against the address that was typed together with the network they come from, then
against that network, then against all strangers who try that address. A browser in which the person
has signed in before has a count of its own, so it passes whatever goes on elsewhere. Signing in by
code is counted apart from passwords. All of it counts what was typed, known to us or not.
"""

from accounts import browsers
from core.limits import Limit, network_of, take

PASSWORD_PAIR = Limit("password-pair", 10, 900)
PASSWORD_NETWORK = Limit("password-network", 100, 900)
PASSWORD_STRANGERS = Limit("password-strangers", 100, 3600)
PASSWORD_BROWSER = Limit("password-browser", 10, 900)
LETTER_PAIR = Limit("letter-pair", 5, 900)
LETTER_NETWORK = Limit("letter-network", 100, 900)
LETTER_STRANGERS = Limit("letter-strangers", 30, 600)
LETTER_BROWSER = Limit("letter-browser", 10, 900)
CODE = Limit("code", 5, 900)
OWN_PASSWORD = Limit("own-password", 10, 900)

TRY_A_CODE = "Too many attempts failed. Try again {when}, or go back and sign in with a code."
LETTERS_SENT = (
    "Several letters were asked for with this address. The last one still works for a while: "
    "look in your mail, also among the junk. You can ask for another {when}."
)
WRONG_CODES = "Too many wrong codes were typed. Try again {when}."
WRONG_PASSWORDS = "Too many attempts failed. Try again {when}."


def take_password(request, email):
    """Count an attempt to sign in with a password; returns what to give back if it succeeds."""
    limits = (PASSWORD_BROWSER, PASSWORD_PAIR, PASSWORD_NETWORK, PASSWORD_STRANGERS)
    return take(*_counts(request, email, *limits), detail=TRY_A_CODE)


def take_letter(request, email):
    """Count a letter with a code or a link that is asked for."""
    limits = (LETTER_BROWSER, LETTER_PAIR, LETTER_NETWORK, LETTER_STRANGERS)
    return take(*_counts(request, email, *limits), detail=LETTERS_SENT)


def take_code(session_key):
    """Count a code that is typed; a code can be typed only in the session that asked for it."""
    return take((CODE, session_key), detail=WRONG_CODES)


def take_own_password(user):
    """Count a present password that is typed by somebody who is signed in."""
    return take((OWN_PASSWORD, str(user.pk)), detail=WRONG_PASSWORDS)


def _counts(request, email, browser_limit, pair, network_limit, strangers):
    email = email.strip().lower()
    if word := browsers.recognised(request, email):
        return [(browser_limit, f"{word} {email}")]
    network = network_of(request)
    if network is None:
        return [(strangers, email)]
    return [(pair, f"{network} {email}"), (network_limit, network), (strangers, email)]
