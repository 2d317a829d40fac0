"""School years as published files name them: 2022-23 is the one that starts in 2022."""

import re

YEARS = re.compile(r"(?<!\d)(20\d\d)\s?[-_/]?\s?(?:20)?(\d\d)(?!\d)")


def read_year(text):
    """Return the starting year in a text such as 2022-23, 2022-2023_england or 202223, or None."""
    for first, second in YEARS.findall(text):
        if int(second) == (int(first) + 1) % 100:
            return int(first)
    return None


def as_label(year):
    """Write a school year as the DfE does: 2022 is 2022-23."""
    return f"{year}-{(year + 1) % 100:02}"
