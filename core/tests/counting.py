"""Counts what a page asks of the database, without the savepoints that a test's request is in."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

AROUND = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def _counted(fits, said):
    asked = []
    with CaptureQueriesContext(connection) as context:
        yield asked
    queries = [query["sql"] for query in context.captured_queries]
    asked += [sql for sql in queries if not sql.startswith(AROUND)]
    if not fits(len(asked)):
        pytest.fail(f"{len(asked)} queries where {said}:\n" + "\n".join(asked))


@pytest.fixture
def django_assert_num_queries():
    """Return a context manager that fails unless exactly `number` queries are asked within."""
    return lambda number: _counted(lambda found: found == number, f"{number} were expected")


@pytest.fixture
def django_assert_max_num_queries():
    """Return a context manager that fails if more than `number` queries are asked within."""
    return lambda number: _counted(lambda found: found <= number, f"at most {number} were expected")
