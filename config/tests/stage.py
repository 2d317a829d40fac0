"""One world for many tests: made once, in a transaction that holds the transaction of each.

A test that asks for `world` is played in it, unless it commits or makes its world in its own way,
and finds it as it was made. These tests come first, so that a process makes it once.
"""

from copy import deepcopy

import pytest
from django.db import transaction
from django.utils import timezone

from config.tests.cast import Players


class Stage:
    """What is set up in this process; `is_played` says whether the running test plays in it."""

    def __init__(self):
        self.is_played, self._day, self._transaction = False, None, None

    def copy(self):
        """The players as they were made, where the running test is played; else None."""
        return deepcopy(self._players) if self.is_played else None

    def set(self, blocker):
        """Let the test be played in the world; made anew at midnight, as it lives in today."""
        if self._day != timezone.localdate():
            self.clear()
        if self._transaction is None:
            self._blocker, self._transaction = blocker, transaction.atomic()
            with blocker.unblock():
                self._transaction.__enter__()
                self._players = Players()
                self._day = self._players.world.today
        self.is_played = True

    def clear(self):
        """Take the world back."""
        if self._transaction is not None:
            with self._blocker.unblock():
                transaction.set_rollback(True)
                self._transaction.__exit__(None, None, None)
            self._transaction = None


_stage = Stage()


def _plays(item):
    """Whether a test, if there is one, is played in the shared world."""
    if item is None or "world" not in item.fixturenames:
        return False
    marker = item.get_closest_marker("django_db")
    commits = "transactional_db" in item.fixturenames or (
        marker and marker.kwargs.get("transaction")
    )
    return not commits


@pytest.fixture(scope="class", autouse=True)
def stage(request, django_db_blocker):
    """The shared world: "class" has it made before the transaction of the test begins."""
    if _plays(request.node):
        request.getfixturevalue("django_db_setup")
        _stage.set(django_db_blocker)
    yield _stage
    _stage.is_played = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Before anything is made for a test that is not played, the world is gone."""
    try:
        return (yield)
    finally:
        if not _plays(nextitem):
            _stage.clear()


def pytest_collection_modifyitems(items):
    """Play all that are played one after the other."""
    items.sort(key=lambda item: not _plays(item))
