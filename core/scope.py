"""For whom the database answers: the row policies (`core.tenancy.Wall`) read what is told here.

The connection tells PostgreSQL in each transaction, before its first statement. At rest a
connection answers for nobody; a management command is run by the operator and answers for all.
"""

from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection


class Scope(NamedTuple):
    """A person, in all their partnerships or in one alone; or the site itself."""

    person: int | None = None
    partnership: int | None = None
    everything: bool = False


NOBODY = Scope()
EVERYTHING = Scope(everything=True)
_at_rest = NOBODY


def at_rest():
    """The scope of a connection that has been told nothing."""
    return _at_rest


def rest_at(scope):
    """Let the connections of this process, from now on, answer for `scope` at rest."""
    global _at_rest
    _at_rest = scope


def enter(scope):
    """Let the database answer for `scope` until the innermost `kept` ends."""
    connection.scope = scope


@contextmanager
def kept():
    """Put back, at the end, the scope that held at the beginning."""
    before = connection.scope
    try:
        yield
    finally:
        connection.scope = before


@contextmanager
def person(user_id):
    """Within, the database answers with the rows of this person's partnerships and schools."""
    with kept():
        enter(Scope(person=user_id))
        yield


@contextmanager
def everything():
    """Within, the database answers for the site itself: the book-keeping of jobs, a token."""
    with kept():
        enter(EVERYTHING)
        yield


def streamed(chunks):
    """Yield the chunks in one transaction, for whom the database answers now.

    A streamed answer is written after its request: its scope and its transaction are over by then.
    """
    return _streamed(chunks, connection.scope)


def _streamed(chunks, scope):
    from django.db import transaction

    with kept(), transaction.atomic():
        enter(scope)
        yield from chunks
