"""Get one file over the net onto the disk: bounded in size and time, and tried again."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from schools.fetching.places import NotFetched, NotThere
from schools.register import LARGEST

PIECE = 1 << 18
GONE = (404, 410)
WORTH_A_RETRY = (408, 425, 429, 500, 502, 503, 504)
BROWSER = "Footbridge register fetch"


@dataclass(frozen=True)
class Patience:
    """How long to wait for an answer, for all of it, and between one try and the next."""

    silence: float = 30
    whole: float = 900
    pauses: tuple = (5, 30)


USUAL = Patience()


class _Again(Exception):
    """This try failed in a way that the next may not."""


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to http or https, and never from https back to http."""

    max_redirections = 5

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https") or (scheme, req.type) == ("http", "https"):
            raise urllib.error.HTTPError(req.full_url, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(place, to, *, patience=USUAL, largest=LARGEST):
    """Write the file of `place` to the path `to`; raises NotFetched or NotThere, in a sentence."""
    for pause in (*patience.pauses, None):
        try:
            return _try(place, to, patience, largest)
        except _Again as reason:
            if pause is None:
                tries = len(patience.pauses) + 1
                raise NotFetched(f"{place.name}: {reason}, {tries} times.") from reason
            time.sleep(pause)
    raise AssertionError


def _try(place, to, patience, largest):
    until = time.monotonic() + patience.whole
    try:
        with _open(place, patience) as answer, to.open("wb") as file:
            _check_is_file(place, answer)
            _copy(place, answer, file, until, largest)
    except urllib.error.HTTPError as error:
        raise _of_status(place, error.code) from error
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise _Again(f"{urlsplit(place.address).hostname} {_in_words(error)}") from error


def _in_words(error):
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "did not answer in time"
    return f"did not answer ({getattr(reason, 'strerror', None) or type(reason).__name__})"


def _open(place, patience):
    schemes = [urllib.request.HTTPHandler, urllib.request.HTTPSHandler]
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        _SameScheme,
        *schemes,
    ):
        opener.add_handler(handler())
    request = urllib.request.Request(place.address, headers={"User-Agent": BROWSER})  # noqa: S310 -- only the two handlers above
    return opener.open(request, timeout=patience.silence)


def _of_status(place, code):
    if code in GONE:
        return NotThere(f"{place.name} is not there ({code}).")
    if 300 <= code < 400:
        return NotFetched(f"{place.name}: the server sends us on to where we do not follow.")
    if code in WORTH_A_RETRY:
        return _Again(f"the server answered {code}")
    return NotFetched(f"{place.name}: the server answered {code}.")


def _check_is_file(place, answer):
    if answer.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
        raise NotThere(f"{place.name}: the server answered with a page, not with a file.")


def _copy(place, answer, file, until, largest):
    told = answer.headers.get("Content-Length", "")
    told = int(told) if told.isdecimal() else None
    got = 0
    while piece := answer.read1(PIECE):
        got += len(piece)
        if got > largest:
            raise NotFetched(f"{place.name} has more than {largest >> 20} MB, too large to be it.")
        if time.monotonic() > until:
            raise _Again("it came too slowly")
        file.write(piece)
    if told is not None and got < told:
        raise _Again(f"only {got:,} of {told:,} bytes came")
