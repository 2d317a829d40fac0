"""What the tests of the whole site share: the real register and a browser that speaks up."""

import pytest

from config.tests.browsing import open_as
from schools.tests.conftest import real_data

__all__ = ["open_as", "real_data"]


@pytest.fixture
def quiet_page(page):
    """A browser page that fails the test where the console spoke of our content security policy."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    yield page
    assert [text for text in said if "Content Security Policy" in text or "error: " in text] == []
