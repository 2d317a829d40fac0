"""Files that are refused, with a sentence that says what to do, and a register left as it was."""

import gzip
import io
import lzma
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections

from schools.models import Establishment, RegisterRun
from schools.register import HEADER, Refused, import_file
from schools.register.applying import LOCK
from schools.register.columns import key_of
from schools.tests import extract
from schools.tests.extract import Extract, row, rows

pytestmark = pytest.mark.django_db


def refusal(data, name="edubasealldata20261118.csv", **options):
    with pytest.raises(Refused) as caught:
        import_file(Extract(data, name), **options)
    return str(caught.value)


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def loaded():
    import_file(extract.extract(*rows(20)))
    state = list(Establishment.objects.order_by("pk").values())
    yield
    assert list(Establishment.objects.order_by("pk").values()) == state
    assert RegisterRun.objects.count() == 1


NAME = "edubasealldata20261118.csv"
WHOLE = extract.data(*rows(20))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", f"{NAME} is empty. Download it again."),
        (b"\xef\xbb\xbf \r\n", f"{NAME} is empty. Download it again."),
        (extract.data(), f"{NAME} has a header and no rows. Download it again."),
        (
            b"<!DOCTYPE html><p>Sorry, there is a problem",
            f"{NAME} is not a CSV file. Choose the CSV that the DfE publishes.",
        ),
        (
            b"URN,Name\0\r\n",
            f"{NAME} is not a CSV file. Choose the CSV, not a workbook or a page.",
        ),
        (
            b"Name,Town\r\nA,B\r\n",
            f"{NAME} has no URN column. Choose the file of all establishments, with its first "
            "line.",
        ),
        (
            b"URN,Town,urn\r\n1,B,2\r\n",
            f"{NAME} has the column URN more than once. Download it again, or delete the extra "
            "column.",
        ),
        (
            b"URN,EstablishmentName\r\nNAT,England\r\n",
            f"Line 2 of {NAME} has no URN but “NAT”. Correct or delete the line, or download the "
            "file again.",
        ),
        (
            extract.data(*rows(20), row("900001", "Again")),
            f"{NAME} has URN 900001 on two lines. Delete one of them.",
        ),
        (
            extract.data(row("900099", "One"), row("900099", "Two")),
            f"{NAME} has URN 900099 on two lines, 2 and 3. Download it again, or delete one of "
            "them.",
        ),
        (
            extract.data(*rows(20), row("900098"), row("900098")),
            f"{NAME} has URN 900098 on two lines, 22 and 23. Download it again, or delete one of "
            "them.",
        ),
        (
            WHOLE[:-200],
            f"{NAME} is cut short: line 21 ends in the middle of a record. Download it again.",
        ),
        (
            WHOLE + b'900021,"201","Wexs',
            f"{NAME} is cut short: line 22 ends in the middle of a record. Download it again.",
        ),
        (
            b"URN,EstablishmentName\r\n1,A,B\r\n2,C\r\n",
            f"Line 2 of {NAME} has 3 columns; the header has 2. Download it again, or correct the "
            "line.",
        ),
    ],
)
@pytest.mark.usefixtures("loaded")
def test_a_bad_file_is_refused_in_words(data, sentence):
    assert refusal(data, force_reason="a trial of faults") == sentence


@pytest.mark.usefixtures("loaded")
def test_a_much_smaller_file_is_refused():
    assert refusal(extract.data(*rows(17))) == (
        f"{NAME} has 17 rows; the last file had 20. It looks incomplete. Download it again; if it "
        "is meant to be so small, import it with --force and --reason."
    )


def test_a_much_smaller_file_is_taken_with_a_reason():
    import_file(extract.extract(*rows(20)))

    run = import_file(extract.extract(*rows(10)), force_reason="Only our county").run

    assert (run.rows, run.missing, run.forced_reason) == (10, 10, "Only our county")


@pytest.mark.usefixtures("loaded")
def test_a_fault_half_way_leaves_the_register_as_it_was(monkeypatch):
    def fail(*args):
        raise RuntimeError("pulled the plug")

    monkeypatch.setattr("schools.register.loading.update_rows", fail)

    with pytest.raises(RuntimeError):
        import_file(extract.extract(*rows(19), row("900020", "Renamed"), row("900030")))


@pytest.mark.usefixtures("loaded")
def test_an_archive_without_the_register_is_refused():
    data = zipped(**{"links_edubasealldata20261118.csv": b"URN,LinkURN"})

    assert refusal(data, "extract.zip") == (
        "extract.zip holds no file called edubasealldata….csv. Download “Establishment fields "
        "CSV” for all establishments."
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("extract.zip", zipped(**{"edubasealldata20261118.csv": WHOLE})[:-40]),
        ("register.csv.gz", gzip.compress(WHOLE)[:-40]),
        ("register.csv.xz", lzma.compress(WHOLE)[:-40]),
    ],
)
@pytest.mark.usefixtures("loaded")
def test_a_damaged_archive_is_refused(name, data):
    assert refusal(data, name) == (
        f"{name} cannot be imported. It is damaged or incomplete. Download it again."
    )


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"No such file or directory\. Check the path\."):
        import_file(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("edubasealldata20261118.csv", WHOLE),
        ("edubasealldata20261118.csv.gz", gzip.compress(WHOLE)),
        ("edubasealldata20261118.csv.xz", lzma.compress(WHOLE)),
        (
            "extract.zip",
            zipped(**{"links_edubasealldata20261118.csv": b"x", f"data/{NAME}": WHOLE}),
        ),
    ],
)
def test_every_way_of_packing_reads_the_same(name, data, tmp_path):
    (tmp_path / name).write_bytes(data)

    run = import_file(tmp_path / name).run

    assert (run.file_name, run.rows, str(run.extracted_on)) == (NAME, 20, "2026-11-18")


def test_the_only_table_of_an_archive_is_the_register_whatever_its_name():
    data = zipped(**{"results.csv": WHOLE, "__MACOSX/._results.csv": b"x", "read me.txt": b"x"})

    assert import_file(Extract(data, "results.zip")).run.file_name == "results.csv"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-8"])
def test_accents_survive_every_encoding(encoding):
    name = "St Thomas à Becket’s – Ŵyl" if encoding != "cp1252" else "St Thomas à Becket’s – Café"

    import_file(extract.extract(row(name=name), encoding=encoding))

    assert Establishment.objects.get().name == name


def test_bytes_that_windows_does_not_define_do_no_harm():
    data = extract.data(row(name="Caf@ School")).replace(b"@", b"\x81\xe9")

    import_file(Extract(data))

    assert Establishment.objects.get().name == "Café School"


def test_line_breaks_quotes_and_odd_spaces_within_a_field():
    name = ' Saltmere\r\n"Grand"  Academy\xa0'

    result = import_file(extract.extract(row(name=name), row("900002", "Next")))

    assert result.run.rows == 2
    assert Establishment.objects.get(code="900001").name == 'Saltmere "Grand" Academy'


def test_no_last_line_break_is_no_fault():
    import_file(Extract(extract.data(row()).rstrip()))

    assert Establishment.objects.count() == 1


def test_a_file_that_a_spreadsheet_saved_again_says_the_same():
    plain = row(OpenDate="01-09-2012", CensusDate="15-01-2026", SchoolCapacity="1200")
    again = {**plain, "OpenDate": "1/9/2012", "CensusDate": "2026-01-15 00:00:00"}
    again |= {"URN": "0900001", "SchoolCapacity": "1,200"}
    import_file(extract.extract(plain))

    for end in ("\n", "\r"):
        blank = end + "," * (len(HEADER) - 1) + end + "  " + end
        found = import_file(Extract(extract.data(again, end=end) + blank.encode(), "again.csv"))

        assert (found.run.unchanged, found.run.missing, found.notices) == (1, 0, [])


def test_a_cell_that_cannot_be_read_is_said():
    result = import_file(extract.extract(row(OpenDate="soon", NumberOfPupils="..", FSM="<5")))

    assert result.notices == [
        "OpenDate: “soon” was left blank, for it cannot be read.",
        "FSM: “<5” was left blank, for it cannot be read.",
    ]


def with_widths(number, *, short=(), blank=(), shifted=()):
    """A file of so many rows, some of them without or with more cells at their end."""
    lines = extract.data(*rows(number)).split(b"\r\n")
    for place in short:
        lines[place] = re.sub(rb'(,"")+$', b"", lines[place])
    for place in blank:
        lines[place] += b',,""'
    for place in shifted:
        lines[place] += b',"","more"'
    return b"\r\n".join(lines)


def test_rows_of_another_width_than_the_header_are_read_or_left_and_said():
    import_file(extract.extract(*rows(4), row("900005", "Earlier")))

    data = with_widths(7, short=(1, 2), blank=(3,), shifted=(5, 6))
    result = import_file(Extract(data, NAME))

    run = result.run
    assert (run.rows, run.new, run.changed, run.unchanged, run.missing) == (5, 1, 0, 4, 0)
    assert Establishment.objects.get(code="900005").name == "Earlier"
    assert not Establishment.objects.filter(code="900006").exists()
    assert result.notices == [
        "2 rows end before the last column; the rest was taken as blank.",
        "Not read, for they have more columns than the header, and left as the register has them: "
        "line 6 (URN 900005), line 7 (URN 900006).",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (with_widths(4, short=(2, 4)), "is cut short: line 5 ends in the middle of a record."),
        (with_widths(30, shifted=range(3, 13)), f"has {len(HEADER) + 2} columns; the header has "),
    ],
)
@pytest.mark.usefixtures("loaded")
def test_a_last_row_that_ends_early_and_many_shifted_ones_are_refused(data, said):
    assert said in refusal(data, force_reason="a trial of faults")


@pytest.mark.parametrize(
    "written",
    [
        lambda name: name.replace(" (", "("),
        lambda name: name.replace(" (", "_").replace(")", "").lower(),
        lambda name: name.replace(" ", "\xa0"),
        lambda name: f"\ufeff{name.upper()}" if name == "URN" else name,
    ],
)
def test_headings_are_known_however_they_are_written(written):
    import_file(extract.extract(*rows(3)))
    lines = extract.data(*rows(3), encoding="utf-8").decode().split("\r\n")
    lines[0] = ",".join(map(written, HEADER))
    text = "\r\n".join([f"{lines[0]},LA-note,LA note", *(f"{one},a,b" for one in lines[1:4])])

    run = import_file(Extract(text.encode("utf-8-sig"), "other.csv")).run

    assert (run.rows, run.changed, run.missing_columns) == (3, 0, [])
    assert run.unknown_columns == ["LA-note", "LA note"]
    assert Establishment.objects.first().extra == {"LA-note": "a", "LA note": "b"}


def test_an_older_file_is_taken_and_said_to_be_older():
    import_file(extract.extract(*rows(2), name="edubasealldata20261118.csv"))

    said = import_file(extract.extract(row(), name="edubasealldata20240101.csv"), force_reason="x")

    assert said.notices == [
        "edubasealldata20240101.csv is older than edubasealldata20261118.csv, which the register "
        "stands at: it takes back what the newer one brought."
    ]


def test_two_imports_do_not_run_at_once():
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            said = refusal(extract.data(row()))
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])  # closing is not waited for
    finally:
        other.close()

    assert said == "Another import of the register is running. Wait until it has ended."
    assert Establishment.objects.count() == 0


def test_a_lost_connection_leaves_the_register_as_it_was():
    def lose_connection(done, total):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def run():
        try:
            import_file(extract.extract(*rows(3)), progress=lose_connection)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, pytest.raises(OperationalError):
        pool.submit(run).result()

    assert Establishment.objects.count() == 0
    assert RegisterRun.objects.count() == 0


def test_no_column_is_known_twice():
    assert len(HEADER) == len(set(map(key_of, HEADER)))
