"""Nonsense at every address: an answer each time, never a fault of ours."""

import re

import pytest
from django.urls import reverse

from config.tests.addresses import pages
from config.tests.test_cast import read

NONSENSE = ["\x00", "9" * 5000, "²"]
KEYS = [
    "q",
    "year",
    "side",
    "partnership",
    "before",
    "after",
    "board",
    "hub",
    "school",
    "area",
    "status",
    "strand",
    "type",
    "of",
    "gap",
    "pack",
    "plan",
    "period",
    "format",
    "need",
    "needs",
    "offer",
    "next",
    "version",
    "note",
    "from",
    "to",
    "like",
]
NAME = re.compile(rb'name="([^"]+)"')


def addresses(world):
    return [reverse(name, kwargs=page.kwargs) for name, page in pages(world).items()]


def fields_of(response):
    """The names of the fields on a page."""
    names = {name.decode() for name in NAME.findall(read(response))}
    return sorted(names - {"csrfmiddlewaretoken", "viewport"})


def said(names, value):
    """The same value for every name, twice."""
    return {name: [value, value] for name in names}


def faults(client, method, url, asked):
    """Ask, and return a line about the answer where it is a fault."""
    response = getattr(client, method)(url, asked)
    read(response)
    is_fault = response.status_code == 500
    return [f"{method} {url} {next(iter(asked.values()))[0][:10]!r}"] if is_fault else []


@pytest.fixture
def nosy(request, as_user):
    """Return a function that signs a person of the cast in and lets faults be answered."""

    def sign_in(name):
        client = as_user(request.getfixturevalue(name))
        client.raise_request_exception = False
        return client

    return sign_in


def test_nonsense_in_an_address_is_answered(world, nosy):
    client = nosy("manager")

    found = [
        fault
        for url in addresses(world)
        for value in NONSENSE
        for fault in faults(client, "get", url, said(KEYS, value))
    ]

    assert found == []


def test_nonsense_in_a_form_is_answered(world, nosy):
    client = nosy("manager")

    found = []
    for url in addresses(world):
        names = [*fields_of(client.get(url)), *KEYS]
        for value in NONSENSE:
            found += faults(client, "post", url, said(names, value))

    assert found == []
