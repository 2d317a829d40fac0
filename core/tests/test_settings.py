"""The settings: every variable is documented, and a bad one stops the start with a hint."""

import re
import subprocess
import sys

import pytest

from core.tests.running import ROOT, environment, make_home, remove_home

NOT_OF_DJANGO = {
    *{"FOOTBRIDGE_VAR", "FOOTBRIDGE_LINGER", "FOOTBRIDGE_DURABLE", "PORT"},
    *{"CHROMIUM", "FOOTBRIDGE_DATA", "REQUIRE_DATA"},
}


@pytest.fixture
def var():
    path = make_home()
    yield path
    remove_home(path)


def load(var, **variables):
    """Load the settings in a process of their own, and give what was complained of."""
    process = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        capture_output=True,
        text=True,
        env=environment(var, **{"SECRET_KEY": 60 * "x", "FOOTBRIDGE_DEMO": "0", **variables}),
    )
    return process.stderr


def test_every_variable_that_is_read_is_in_the_example():
    source = (ROOT / "config" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()

    read = re.findall(r'\bread\(\s*"\w+",\s*"(\w+)"', source)

    assert sorted({*read} | NOT_OF_DJANGO) == sorted(re.findall(r"^(\w+)=", example, re.M))


def test_good_settings_load_and_start_no_server(var):
    assert load(var) == ""
    assert not var.exists()


@pytest.mark.parametrize(
    ("variables", "hint"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG is missing or not usable. Write 1 on"),
        ({"FOOTBRIDGE_DEMO": "x"}, "FOOTBRIDGE_DEMO is missing or not usable. Write 1 for"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing. Write at least"),
        ({"DATABASE_URL": "mysql://host/name"}, "DATABASE_URL must name a PostgreSQL database"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL "),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or not usable. Write at least"),
        ({"SITE_URL": "abc"}, "SITE_URL is missing or not usable. Write the address"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL is missing or not usable. Write redis://"),
        ({"EMAIL_URL": "foo://"}, "EMAIL_URL is missing or not usable. Write smtp"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is missing or not usable. Write the host"),
        ({"TRUSTED_PROXIES": "all"}, "TRUSTED_PROXIES is missing or not usable. Write how many"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is missing or not usable. Write DEBUG"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_hint(var, variables, hint):
    complaint = load(var, **variables)

    last = [line for line in complaint.splitlines() if "ImproperlyConfigured: " in line][-1]
    assert last.partition("ImproperlyConfigured: ")[2].startswith(hint)
