"""What the tests of the whole site share: the real register and a browser that speaks up."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from config.tests.browsing import open_as
from schools.tests.conftest import real_data

__all__ = ["open_as", "real_data"]


@pytest.fixture
def own_files(settings, tmp_path):
    """A folder of files that no other test writes in."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(own_files, world, officer, manager, school_lead, site_admin):
    """The world with the people who act in it."""
    return SimpleNamespace(
        **vars(world),
        officer=officer,
        manager=manager,
        school_lead=school_lead,
        site_admin=site_admin,
        yesterday=world.today - timedelta(days=1),
    )


@pytest.fixture
def quiet_page(page):
    """A browser page that fails the test where the console spoke of our content security policy."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    yield page
    assert [text for text in said if "Content Security Policy" in text or "error: " in text] == []
