"""Rows for tests of needs: made through the actions, as people make them."""

from needs import actions
from needs.models import NeedArea, NeedFramework


def area(code="he-knowledge"):
    """One area of the framework in use."""
    return NeedArea.objects.get(framework=NeedFramework.objects.current(), code=code)


def say(link, side, by, year=2026, at=None, **values):
    """Rate areas by their codes, dashes as underscores: say(link, "partner", jo, careers="red").

    A value is a word, or a word and a priority.
    """
    wanted = {}
    for code, value in values.items():
        word, *priority = value if isinstance(value, tuple) else (value,)
        wanted[area(code.replace("_", "-"))] = {"value": word} | (
            {"priority": priority[0]} if priority else {}
        )
    return actions.rate(link, school_year=year, side=side, values=wanted, by=by, at=at)
