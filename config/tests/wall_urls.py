"""Every address that the site answers, read from its URL resolver; ids in them are guessed."""

from dataclasses import dataclass
from itertools import product

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404
from django.utils.regex_helper import normalize

from config.tests.wall_worlds import OTHER, OWN, UUID_OF_OTHER, WORD, walled_models

NUMBERS = [OWN, OWN + 1, OTHER]
WORDS = [WORD.lower(), UUID_OF_OTHER]
SPECIAL = {"format": ["json"], "uidb36": ["1"], "key": ["1-1"]}


@dataclass(frozen=True)
class Address:
    """One way to write a URL pattern; `is_first` is the first way that holds no id of the other."""

    url: str
    route: str
    view: object
    is_first: bool

    @property
    def is_second(self):
        """Whether it holds our own second id, where another row may be but seldom is."""
        return str(OWN + 1) in self.url

    @property
    def viewset(self):
        """The class of a view of the API, else None."""
        return getattr(self.view, "cls", None)


def addresses(patterns=None):
    """Every pattern with every guess; a new URL is found here without a word in a test."""
    found = []
    for route, view in _patterns(patterns or get_resolver().url_patterns):
        guesses = [url for url in _guesses(route) if _leads_to(url, view)]
        own = [url for url in guesses if str(OTHER)[:-1] not in url]
        found += [Address(url, route[0], view, url == (own or guesses)[0]) for url in guesses]
    return found


def _patterns(patterns, before="", names=()):
    """Yield ((form, its names), view): the form has a %(name)s for each part to guess."""
    for pattern in patterns:
        for form, params in normalize(pattern.pattern.regex.pattern)[:1]:
            here, held = before + form, (*names, *params)
            if isinstance(pattern, URLResolver):
                yield from _patterns(pattern.url_patterns, here, held)
            elif isinstance(pattern, URLPattern):
                yield (here, held), pattern.callback


def _guesses(route):
    """Numbers for each part, and last the other's words; a part may know its own guesses."""
    form, names = route
    for guesses in (NUMBERS, WORDS) if names else ((),):
        several = guesses[::2] if len(names) > 1 else guesses
        kinds = [SPECIAL.get(name) or _known(name) or several for name in names]
        for values in product(*kinds):
            yield "/" + form % dict(zip(names, values, strict=True))


def _known(name):
    if name == "app_label":
        return [app.label for app in apps.get_app_configs()]
    if name == "content_type_id":
        found = ContentType.objects.get_for_models(*walled_models()).values()
        return sorted(kind.pk for kind in found)
    return []


def _leads_to(url, view):
    try:
        return resolve(url).func == view
    except Resolver404:
        return False


def unvisited(patterns=None):
    """Patterns that no guess leads to: their parameters are of a kind not known here."""
    found = {address.route for address in addresses(patterns)}
    routes = {route[0] for route, _ in _patterns(patterns or get_resolver().url_patterns)}
    return sorted(routes - found)
