"""What the variables of the environment may hold."""

import pytest

from config.environment import is_place_of_files


@pytest.mark.parametrize(
    ("source", "fits"),
    [
        ("https://example.org/a{date:%Y%m%d}.csv", True),
        ("file:///srv/a{date:%Y%m%d}.csv", True),
        ("/srv/register", True),
        ("https://example.org/a.csv", False),
        ("https://example.org/{date}.csv", False),
        ("https://example.org/{date.__class__}{date:%Y}.csv", False),
        ("ftp://example.org/{date:%Y}.csv", False),
        ("register", False),
    ],
)
def test_only_a_usable_source_is_taken(source, fits):
    assert bool(is_place_of_files(source)) is fits
