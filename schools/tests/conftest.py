"""Where the tests of this room find the real register, and someone who is signed in."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User


@pytest.fixture(scope="session")
def real_data():
    """The folder with real data; without it the test is skipped, or fails if it is required."""
    folder = Path(os.environ.get("FOOTBRIDGE_DATA") or settings.BASE_DIR.parent / "shared" / "data")
    if not folder.is_dir():
        reason = f"real data not found at {folder}; set FOOTBRIDGE_DATA to its folder"
        if os.environ.get("REQUIRE_DATA") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture
def reader(db):
    """A person who is signed in and belongs to no partnership."""
    return User.objects.create_user("reader@example.org", name="Rae Reader")


@pytest.fixture
def client(reader):
    client = Client()
    client.force_login(reader, "django.contrib.auth.backends.ModelBackend")
    return client
