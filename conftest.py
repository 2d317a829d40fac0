"""Before Django loads: the tests' own servers, settings of their own, and the browser."""

import os
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings
from hypothesis import settings as examples

from core import scope
from core.tests import chromium

_var = Path(__file__).parent / (os.environ.get("FOOTBRIDGE_VAR") or "var")
os.environ.update(
    FOOTBRIDGE_VAR=str(_var if _var.name == "test" else _var / "test"),
    FOOTBRIDGE_DURABLE="0",
    FOOTBRIDGE_DEMO="1",
    DEBUG="0",
    SECRET_KEY="only-for-tests-" + 40 * "x",
    JOB_QUEUE="test-" + os.environ.get("PYTEST_XDIST_WORKER", "one"),
    SITE_URL="http://localhost:8000",
    EMAIL_URL="",
    API_RATE="1000000/min",
    API_STRANGER_RATE="1000000/min",
    DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright's loop runs in the thread of the test
    DJANGO_SETTINGS_MODULE="config.settings",
)
# How long an example takes is the machine's affair: speed is measured in `make bench`.
examples.register_profile("footbridge", deadline=None)
examples.load_profile("footbridge")
scope.rest_at(scope.EVERYTHING)  # as a command does: a test arranges rows of every partnership
django.setup()
scope.rest_at(scope.EVERYTHING)  # as a command does: a test arranges rows of every partnership
django_settings.WHITENOISE_AUTOREFRESH = True  # else each test's client looks at every static file
# The processes of xdist inherit this environment: with the name of the settings in it they would be
# loaded before this file is read, and every process would share the first one's queue of jobs.
del os.environ["DJANGO_SETTINGS_MODULE"]

pytest_plugins = [
    "config.tests.cast",
    "config.tests.stage",
    "core.tests.counting",
    "core.tests.worker",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, or the one that CHROMIUM names."""
    return {**browser_type_launch_args, "executable_path": chromium.path()}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let every connection restore the reference lists.

    Once Playwright's loop runs, Django hands out another connection than the one that read them.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        first = connections["default"]
        if contents := getattr(first, "_test_serialized_contents", None):
            type(first)._test_serialized_contents = contents


@pytest.fixture(scope="session")
def playwright(playwright):
    """Close the connection that belongs to Playwright's loop while the loop still runs."""
    from django.db import connections

    yield playwright
    connections.close_all()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the long tests, so that xdist's processes end together.

    Without a browser its tests are skipped, and the summary says so.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if chromium.path() is None:
        for item in items:
            if "browser" in item.fixturenames:
                item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


def pytest_terminal_summary(terminalreporter):
    """Say loudly what was not run."""
    if chromium.path() is None:
        terminalreporter.section("NOT RUN: the browser tests", red=True, bold=True)
        terminalreporter.write_line(chromium.MISSING)
