"""The real postcodes and measures, where they are at hand; all 2.26 million are for the bench."""

import lzma
from itertools import islice

import pytest
from django.db.models import Count

from schools.areas import load_measure, load_postcodes
from schools.areas.postcodes import outcome_of, shown
from schools.areas.profiling import profile
from schools.models import AreaValue, Postcode

pytestmark = pytest.mark.django_db
OFS = "areas/ofs_layout_postcodes_202511.csv.xz"
ONS = "areas/postcode_lsoa_england_202511.csv.xz"
CUT, ASKED = 200_000, 100_000


def cut(path, to):
    """The first rows of a packed file."""
    with lzma.open(path, "rb") as whole, to.open("wb") as out:
        out.writelines(islice(whole, CUT + 1))
    return to


def test_real_postcodes_load_and_100_000_of_them_are_profiled(real_data, tmp_path):
    ofs = load_postcodes(cut(real_data / OFS, tmp_path / "ofs_202511.csv"))
    load_postcodes(cut(real_data / ONS, tmp_path / "ons_202511.csv"))
    codes = list(Postcode.objects.values_list("code", flat=True)[:ASKED])

    made = profile([(row, shown(code)) for row, code in enumerate(codes, start=1)])

    by_sources = Postcode.objects.order_by().values_list("sources").annotate(Count("pk"))
    assert list(by_sources) == [(3, CUT)]
    assert ofs.load.rows == CUT
    assert (made.total, made.matched, made.respelt) == (ASKED, ASKED, 0)
    for table in made.tables:
        assert sum(table.fifths.values()) + sum(table.unclassified.values()) == ASKED
        assert set(table.unclassified) <= {"Suppressed"}
    assert {outcome_of(code) for code in codes} == {""}


@pytest.mark.parametrize(
    ("measure", "edition", "geography", "file", "areas"),
    [
        ("imd", "2025", "lsoa21", "lsoa21_imd2025", 33_755),
        ("imd", "2019", "lsoa11", "lsoa11_measures", 32_844),
        ("idaci", "2019", "lsoa11", "lsoa11_measures", 32_844),
        ("tundra_msoa", "2021", "msoa11", "lsoa11_measures", 6_791),
    ],
)
def test_real_measures_load(measure, edition, geography, file, areas, real_data):
    path = real_data / "areas" / f"{file}.csv.xz"

    load_measure(path, measure=measure, edition=edition, geography=geography)

    rows = list(AreaValue.objects.values_list("rank", "decile", "quintile"))
    ranked = [(rank, decile, fifth) for rank, decile, fifth in rows if rank]
    assert len(rows) == areas
    assert all(fifth == -(-decile // 2) for _, decile, fifth in ranked)
    assert sum(decile != -(-rank * 10 // areas) for rank, decile, _ in ranked) <= 30
