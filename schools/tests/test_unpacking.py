"""The register as people have it: a workbook, UTF-16, semicolons; and what only looks like one."""

import bz2
import gzip
import io
import lzma
import zipfile
from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from schools.models import Establishment, RegisterRun
from schools.register import HEADER, Refused, import_file
from schools.register.unpacking import LARGEST
from schools.tests import extract
from schools.tests.extract import Extract, row, rows

pytestmark = pytest.mark.django_db
NAME = "edubasealldata20261118"
ZEROS = b"URN,EstablishmentName\r\n" + b"1,\r\n" * 10_000_000


def workbook(*schools, header=HEADER, sheet="Sheet"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active.append(header)
    for school in schools:
        book.active.append([school.get(name, "") for name in header])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(data, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(f"{NAME}.csv", data)
    return file.getvalue()


def refusal(data, name):
    with pytest.raises(Refused) as caught:
        import_file(Extract(data, name))
    return str(caught.value)


def fields():
    names = ("code", "name", "opened_on", "pupils", "low_age", "postcode", "fsm_percent")
    return list(Establishment.objects.order_by("code").values_list(*names))


def semicolons(data):
    return data.replace(b'","', b'";"').replace(b',"', b';"').replace(b'",', b'";')


def test_a_workbook_is_loaded_as_its_csv_is():
    schools = [row(), row("900002", "Holm Park", Street="1 Weir Lane, Holm", OpenDate="")]
    import_file(extract.extract(*schools))
    before = fields()
    typed = {"URN": 900001, "OpenDate": date(2012, 9, 1), "NumberOfPupils": 1050.0}
    typed |= {"PercentageFSM": 18.1, "StatutoryLowAge": 11}

    result = import_file(Extract(workbook(schools[0] | typed, schools[1]), f"{NAME}.xlsx"))

    assert fields() == before
    assert (result.run.rows, result.run.changed, result.run.unchanged) == (2, 0, 2)


@pytest.mark.parametrize(
    "data",
    [
        extract.data(*rows(3), encoding="utf-16"),
        extract.data(*rows(3), encoding="utf-16-le"),
        extract.data(*rows(3), encoding="utf-8-sig"),
        extract.data(*rows(3))
        .replace(b'","', b'"\t"')
        .replace(b'",', b'"\t')
        .replace(b',"', b'\t"'),
    ],
)
def test_other_encodings_and_separators_are_read(data):
    assert import_file(Extract(data, f"{NAME}.csv")).run.rows == 3


def test_a_workbook_again_is_the_same_file():
    data = workbook(*rows(2))
    import_file(Extract(data, "a.xlsx"))

    assert import_file(Extract(data, "b.xlsx")).same_file


def test_what_cannot_be_seen_is_removed_and_said():
    plain = import_file(Extract(extract.data(row(name="Salt\x07mere")), "a.csv"))
    wide = import_file(Extract(workbook(row(name="Salt\u202emere"), row("900002")), "b.xlsx"))

    assert list(plain.in_words())[-1] == ("Characters that cannot be seen were removed from 1 row.")
    assert list(wide.in_words())[-1].endswith("characters that cannot be seen were removed.")
    assert set(Establishment.objects.values_list("name", flat=True)) == {
        "Saltmere",
        "Saltmere Academy",
    }


def test_an_error_in_a_workbook_is_refused_with_its_place():
    said = refusal(workbook(*rows(2), row("900009", Town="#N/A")), "r.xlsx")

    assert said.startswith("r.xlsx cannot be imported. Row 4, column ")
    assert said.endswith(
        "(Town): it holds the error #N/A of a formula. Correct or empty the cell, and send the "
        "file again."
    )


def test_a_fault_is_named_by_the_row_people_see():
    data = workbook(row(), {}, row("900002"), {"URN": "NAT"})

    assert refusal(data, "r.xlsx").startswith("Line 5 of r.xlsx has no URN but “NAT”.")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("r.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 2, "This is an old Excel file (.xls)"),
        ("r.csv", b"%PDF-1.4 and so on", "This is a PDF."),
        ("r.csv.bz2", bz2.compress(extract.data(row())), "This is a packed file (.bz2)."),
        ("r.zip", zipped(ZEROS), "The file unpacks to far more than a table holds."),
        ("r.csv.gz", gzip.compress(ZEROS), "The file unpacks to far more than a table holds."),
        ("r.csv.xz", lzma.compress(ZEROS, preset=0), "The file unpacks to far more than a table"),
        ("r.zip", zipped(b"URN,Name\n1,A\n", zipfile.ZIP_LZMA), "It is damaged or incomplete."),
        (
            "r.csv.xz",
            lzma.compress(b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]),
            "It is damaged or incomplete.",
        ),
    ],
)
def test_a_hostile_file_is_refused_and_the_register_stays(name, data, sentence):
    import_file(extract.extract(*rows(3)))

    assert refusal(data, name).startswith(f"{name} cannot be imported. {sentence}")
    assert (RegisterRun.objects.count(), Establishment.objects.count()) == (1, 3)


def test_a_file_of_more_than_any_register_is_refused_unread(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)

    with pytest.raises(CommandError, match="has more than 200 MB, which no register does"):
        call_command("import_register", str(path))
