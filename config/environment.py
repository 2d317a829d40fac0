"""Reads a variable of the environment, typed; a bad one stops the start, saying what to write."""

import re
from importlib.util import find_spec
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


YES_OR_NO = {"1", "true", "yes", "on", "0", "false", "no", "off", ""}


def read(cast, name, default, hint, *, fits=None):
    """Read one variable; a missing or bad one stops the start and says what to write.

    `fits` tells whether a value that is set can be used.
    """
    try:
        if cast == "bool" and env.str(name, default="").lower() not in YES_OR_NO:
            raise ValueError(name)
        value = getattr(env, cast)(name, default=default)
        if fits and value != "" and not fits(value):
            raise ValueError(name)
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is missing or not usable. {hint}") from error
    return value


def files_of(package):
    """The folder of static files that an installed package brings."""
    return Path(find_spec(package).origin).parent / "static" / package


def starts_with(*beginnings):
    return lambda value: value.startswith(beginnings)


def is_mail_address(value):
    return value.partition("://")[0] in env.EMAIL_SCHEMES


def is_rate(value):
    return re.fullmatch(r"[1-9]\d{0,8}/(sec|min|hour|day)", value)


def is_address_of_person(value):
    return value.count("@") == 1 and " " not in value and all(value.split("@"))


def is_place_of_files(value):
    """Whether it is a folder, or an address that holds the day as {date:%Y%m%d}."""
    if not re.fullmatch(r"([^{}]|\{date:[^{}]*%[^{}]*\})+", value):
        return False
    if value.startswith(("http://", "https://")):
        return "{date:" in value
    return value.startswith(("file:///", "/"))


def database_of(url):
    """Django's settings of the PostgreSQL database that an address names."""
    try:
        found = env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL is not an address of a database.") from error
    if found.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database, 15 or newer.")
    return found
