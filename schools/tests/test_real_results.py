"""The results of 2022-23 as published, where they are at hand: no row is lost."""

from decimal import Decimal

import pytest

from schools.models import Result
from schools.results import import_results

pytestmark = pytest.mark.django_db
FILES = {
    "2022-2023_england_census.csv.xz": ("census", 24_436, 24_433, {"national": 3}),
    "2022-2023_england_ks4-pupdest.csv.xz": (
        "ks4-destinations",
        4_089,
        3_938,
        {"authority": 150, "national": 1},
    ),
    "2022-2023_england_ks5final.csv.gz": (
        "16-18",
        2_973,
        2_816,
        {"authority": 155, "national": 2},
    ),
}


def figure(urn, measure):
    row = Result.objects.get(code=urn, measure__code=measure)
    return row.reason or row.value


@pytest.mark.parametrize("name", FILES)
def test_no_row_of_a_published_file_is_lost(real_data, name):
    kind, rows, kept, left_out = FILES[name]

    result = import_results(real_data / "performance" / name)

    assert (result.file.kind, result.file.school_year) == (kind, 2022)
    assert (result.file.rows, result.file.kept, result.file.left_out) == (rows, kept, left_out)
    assert rows == kept + sum(left_out.values())
    assert Result.objects.values("code").distinct().count() == kept
    assert not Result.objects.filter(reason="other").exists()
    assert result.missing == []


def test_figures_are_those_of_the_files(real_data):
    for name in FILES:
        import_results(real_data / "performance" / name)

    assert (figure("100000", "fsm"), figure("100000", "fsm-ever-6")) == (
        Decimal("18.10"),
        Decimal("21.90"),
    )
    assert figure("100001", "fsm") == "not-applicable"
    assert (figure("137181", "sustained"), figure("137181", "apprenticeship-dis")) == (
        91,
        "suppressed",
    )
    assert (figure("148850", "aps-a-level"), figure("148850", "retained-a-level")) == (
        Decimal("23.72"),
        100,
    )
    assert figure("100171", "aps-academic") == Decimal("25.27")
