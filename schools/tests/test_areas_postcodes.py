"""Loading postcodes: two kinds of file, one table that is built and changes places."""

import gzip
import io
import lzma
import os
import signal
import subprocess
import sys
import zipfile
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from core.models import AuditEvent
from core.tests.worker import database_url, wait_until
from schools.areas import Refused, load_postcodes, swapping
from schools.models import AreaEdition, AreaReason, Postcode, PostcodeLoad
from schools.tests.areas import (
    OFS_HEADER,
    OLD_NSPL_HEADER,
    ofs_file,
    ofs_row,
    ons_file,
    ons_row,
    text_of,
)

pytestmark = pytest.mark.django_db
DEFINITION = """
    SELECT 'index', pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = 'schools_postcode'::regclass
    UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = 'schools_postcode'::regclass
    UNION ALL SELECT attname, format_type(atttypid, atttypmod) || attnotnull || atthasdef::text
    FROM pg_attribute WHERE attrelid = 'schools_postcode'::regclass AND attnum > 0
    UNION ALL SELECT 'owner', relowner::regrole || coalesce(relacl::text, '') FROM pg_class
    WHERE oid = 'schools_postcode'::regclass
"""


def definition():
    with connection.cursor() as cursor:
        cursor.execute(DEFINITION)
        return sorted(cursor.fetchall())


def everything():
    return list(Postcode.objects.values()), list(PostcodeLoad.objects.values())


def refusal(path, **options):
    with pytest.raises(Refused) as refused:
        load_postcodes(path, **options)
    return str(refused.value)


def test_the_ofs_file_fills_fifths_reasons_and_editions(tmp_path, reader):
    suppressed = {"TUNDRA_LSOA_quintile": "", "Reason_removed_TUNDRA_LSOA": "Suppressed"}
    path = ofs_file(
        tmp_path,
        ofs_row("KT1 2AB"),
        ofs_row("kt1 2ac", Postcode_status="Terminated", **suppressed),
        ofs_row("CF1 1AA", Country="Wales", LSOA_TUNDRA="", TUNDRA_LSOA_quintile=""),
    )
    before = definition()

    result = load_postcodes(path, by=reader)

    first, second, welsh = (Postcode.objects.get(pk=pk) for pk in ("KT12AB", "KT12AC", "CF11AA"))
    assert (first.tundra_lsoa, first.tundra_msoa, first.polar4) == (1, 2, None)
    assert (first.lsoa11, first.msoa11, first.lsoa21) == ("E01000001", "E02000001", None)
    assert (first.terminated, second.terminated, str(first)) == (0, 1, "KT1 2AB")
    assert AreaReason.objects.get(pk=-second.tundra_lsoa).words == "Suppressed"
    assert (welsh.country, welsh.lsoa11, welsh.tundra_lsoa) == (2, None, None)
    assert (result.load.edition, result.load.rows, result.load.terminated) == ("2025-11", 3, 1)
    assert list(
        AreaEdition.objects.in_order().values_list("measure__code", "geography", "rows")
    ) == [
        ("tundra_lsoa", "lsoa11", 1),
        ("tundra_msoa", "msoa11", 3),
    ]
    assert AuditEvent.objects.get(action="postcodes.loaded").changes == {"rows": 3}
    assert definition() == before


def test_each_kind_of_file_keeps_what_the_other_filled(tmp_path):
    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB"), ofs_row("KT1 2AC")))
    ended = ons_row("KT1 2AD", doterm="201406", gridind="9", lat="99.999999", lsoa11cd="E01000009")
    load_postcodes(ons_file(tmp_path, ons_row("KT1 2AB", lsoa11cd="E01000007"), ended))
    load_postcodes(
        ofs_file(tmp_path, ofs_row("KT1 2AB", TUNDRA_LSOA_quintile="4"), name="ofs_2026-09.csv"),
        force_reason="A trial",
    )

    both, only_ons = Postcode.objects.get(pk="KT12AB"), Postcode.objects.get(pk="KT12AD")
    assert (both.tundra_lsoa, both.lsoa11, both.lsoa21) == (4, "E01000007", "E01000002")
    assert (both.authority, both.easting, both.northing) == ("E06000001", 533498, 181201)
    assert (only_ons.terminated, only_ons.easting, only_ons.tundra_lsoa) == (201406, None, None)
    assert list(Postcode.objects.values_list("code", "sources")) == [("KT12AB", 3), ("KT12AD", 2)]
    assert [edition.edition for edition in AreaEdition.objects.all()] == ["2026-09"] * 2


@pytest.mark.parametrize("header", [None, OLD_NSPL_HEADER])
def test_a_directory_is_read_by_the_beginnings_of_its_columns(header, tmp_path):
    options = {"header": header} if header else {}
    path = ons_file(tmp_path, ons_row("KT1 2AB", lad26nm="Wexborough, Upper"), **options)

    load_postcodes(path)

    held = Postcode.objects.get()
    assert (held.lsoa11, held.authority, held.country) == ("E01000001", "E06000001", 1)
    assert held.lsoa21 == ("E01000002" if not header else None)
    assert (held.easting, held.terminated) == (533498, 0)


@pytest.mark.parametrize("kind", ["gz", "xz", "zip", "parts", "folder"])
def test_it_comes_packed_or_in_parts(kind, tmp_path):
    whole = ons_file(tmp_path, ons_row("KT1 2AB")).read_bytes()
    other = ons_file(tmp_path, ons_row("KT1 2AC")).read_bytes()
    path = tmp_path / f"ONSPD_NOV_2025.{kind}"
    if kind in ("gz", "xz"):
        path.write_bytes({"gz": gzip, "xz": lzma}[kind].compress(whole))
    elif kind == "folder":
        path.mkdir()
        (path / "a.csv").write_bytes(whole)
        (path / "b.csv").write_bytes(other)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("User Guide/readme.csv", "Name,Meaning\r\npcds,Postcode\r\n")
            archive.writestr("Data/multi_csv/AB.csv", whole)
            archive.writestr("Data/multi_csv/KT.csv", other)
            if kind == "zip":
                archive.writestr("Data/ONSPD.csv", whole)

    load_postcodes(path)

    assert Postcode.objects.count() == (2 if kind in ("parts", "folder") else 1)


def test_the_same_file_again_does_nothing(tmp_path):
    path = ofs_file(tmp_path, ofs_row("KT1 2AB"))
    load_postcodes(path)

    again = load_postcodes(path)

    assert again.same_file
    assert PostcodeLoad.objects.count() == 1


def without_end(text):
    return text.rstrip("\r\n")


BAD = {
    "header": (lambda text: "URN,Name\r\n1,A\r\n", "is neither the OfS's postcode file nor"),
    "empty": (lambda text: "", "is empty"),
    "no rows": (lambda text: ",".join(OFS_HEADER) + "\r\n", "has a header and no rows"),
    "cut line": (lambda text: text[:-60] + "\r\n", "columns; the header has 30"),
    "cut end": (without_end, "does not end with the end of a line"),
    "fifth": (lambda text: text.replace(",,2,,1,", ",,2,,9,", 1), "Line 2 of postcodes"),
    "postcode": (lambda text: text.replace("KT1 2AB,KT12AB", "Total,Total"), None),
    "long": (lambda text: text.replace("KT1 2AB,", "KT1 2ABCD,"), "cannot be used"),
    "twice": (lambda text: text + text.splitlines()[1] + "\r\n", "on two lines: KT12AB"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_is_refused_and_the_table_stays(name, tmp_path):
    load_postcodes(ofs_file(tmp_path, ofs_row("AB1 1AA"), name="before_2024-09.csv"))
    before = everything()
    spoil, said = BAD[name]
    path = tmp_path / "postcodes_2025-11.csv"
    rows = [ofs_row("KT1 2AB"), ofs_row("KT1 2AC")]
    path.write_bytes(spoil(text_of(OFS_HEADER, *rows)).encode())

    if name == "postcode":
        path.write_bytes(path.read_bytes().replace(b"Total,", b"TOT,"))
        said = "“TOT” as a postcode"

    assert said in refusal(path)
    assert everything() == before


def test_what_other_releases_write_for_nothing_costs_no_row(tmp_path):
    rows = [
        ofs_row("KT1 2AB", TUNDRA_LSOA_quintile="NA", Country="Great Britain"),
        ofs_row("KT1 2AC", TUNDRA_LSOA_quintile="3.0"),
    ]
    path = ofs_file(tmp_path, *rows, name="postcodes_2024-09.csv")
    path.write_text(path.read_text() + "," * 29 + "\n\n")

    result = load_postcodes(path)

    found = Postcode.objects.order_by("code").values_list("tundra_lsoa", "country")
    assert list(found) == [(None, 1), (3, 1)]
    assert "Not known as a country, and left blank: Great Britain." in result.notices


def test_a_damaged_archive_is_refused(tmp_path):
    path = tmp_path / "ofs_2025-11.csv.xz"
    path.write_bytes(lzma.compress(ofs_file(tmp_path, ofs_row("KT1 2AB")).read_bytes())[:-20])

    assert "is damaged or incomplete" in refusal(path)
    assert "cannot be read" in refusal(tmp_path / "nowhere.csv")


def test_a_much_smaller_file_needs_a_reason_and_every_file_an_edition(tmp_path):
    load_postcodes(ofs_file(tmp_path, *(ofs_row(f"KT{n} 2AB") for n in range(1, 21))))
    small = ofs_file(tmp_path, ofs_row("KT1 2AB"), name="small.csv")

    assert "Name it: --edition" in refusal(small)
    assert "It looks incomplete" in refusal(small, edition="2026-09")
    with pytest.raises(CommandError, match="--force needs --reason"):
        call_command("import_postcodes", small, "--force", "--edition", "2026-09")
    out = io.StringIO()
    call_command(
        *("import_postcodes", small, "--force", "--reason", "A trial", "--edition", "2026-09"),
        stdout=out,
    )
    assert "1 postcodes in the table" in out.getvalue()
    assert PostcodeLoad.objects.first().forced_reason == "A trial"


def test_where_the_table_cannot_be_replaced_its_rows_are(tmp_path, monkeypatch):
    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB")))
    before = definition()
    monkeypatch.setattr(swapping, "MAY_SWAP", "SELECT false, '', false WHERE %s <> ''")

    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AC"), name="ofs_2026-09.csv"))

    assert list(Postcode.objects.values_list("code", flat=True)) == ["KT12AC"]
    assert definition() == before


def test_grants_and_further_indexes_go_along(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON schools_postcode TO PUBLIC")
        cursor.execute("CREATE INDEX own_idea ON schools_postcode (lsoa11) WHERE lsoa11 > 0")
    before = definition()

    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB")))

    assert definition() == before
    assert "own_idea" in str(before)


def waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LOCK TABLE schools_%'"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_readers_are_not_kept_waiting_and_a_killed_load_leaves_the_table(tmp_path):
    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB")))
    path = ofs_file(tmp_path, ofs_row("KT1 2AC"), name="ofs_2026-09.csv")
    command = [sys.executable, "manage.py", "import_postcodes", str(path)]
    with closing(psycopg2.connect(database_url())) as reader, reader.cursor() as cursor:
        cursor.execute("SELECT code FROM schools_postcode")  # and its transaction goes on
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(waiting)
        read = [Postcode.objects.get().code for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert read == ["KT12AB"] * 20
    wait_until(lambda: not waiting())
    assert [load.file_name for load in PostcodeLoad.objects.all()] == ["postcodes_2025-11.csv"]
    load_postcodes(path)
    assert Postcode.objects.get().code == "KT12AC"
