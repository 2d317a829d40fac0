"""What we write we can read, and no bytes at all bring the reader down."""

import contextlib
import datetime
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from core.exports import Column, Sheet, clean, write_csv, xlsx_stream
from core.tests.test_exports import cover
from core.tests.workbooks import packed, parts
from core.uploads import NotReadable, open_table
from core.uploads.values import written

COLUMNS = (
    Column("key", "Key"),
    Column("text", "Text"),
    Column("number", "Number", kind="number"),
    Column("on", "On", kind="date"),
    Column("at", "At", kind="datetime"),
)
DAYS = st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31))
MOMENTS = st.datetimes(
    datetime.datetime(1900, 3, 1),  # noqa: DTZ001 -- workbooks have no zones
    datetime.datetime(9999, 12, 30),  # noqa: DTZ001
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e14, 1e14)
ROWS = st.lists(st.tuples(st.just("k"), st.text(), NUMBERS, DAYS, MOMENTS), max_size=5)
PARTS = parts()


def read(file, **options):
    file.seek(0)
    table = open_table(file, "file", **options)
    return table.headings, [cells for _, cells in table]


def plain(text):
    """A text as a file holds it, without what cannot be seen and with plain line ends."""
    return clean(text)


@given(ROWS)
@settings(deadline=None)
def test_our_own_workbooks_are_read_back(rows):
    file = io.BytesIO()
    xlsx_stream(file, cover(), [Sheet("Rows", COLUMNS, rows)])

    headings, found = read(file, sheet="Rows")

    assert headings == tuple(column.heading for column in COLUMNS)
    assert found == [
        (key, plain(text), written(number), on, at) for key, text, number, on, at in rows
    ]


@given(ROWS)
@settings(deadline=None)
def test_our_own_csv_files_are_read_back(rows):
    file = io.BytesIO()
    write_csv(file, cover(), COLUMNS, rows)

    headings, found = read(file)

    assert headings == tuple(column.heading for column in COLUMNS)
    assert found == [
        (key, plain(text), str(number), on.isoformat(), at.isoformat(" ", "minutes"))
        for key, text, number, on, at in rows
    ]


def try_to_read(data):
    with contextlib.suppress(NotReadable):
        for _ in open_table(io.BytesIO(data), "file"):
            pass


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data):
    try_to_read(data)
    try_to_read(b"PK\x03\x04" + data)


@given(st.text(alphabet='a,"\n\r;\t\0\x07=\ufeff', max_size=200))
def test_any_text_is_read_or_refused(text):
    for encoding in ("utf-8", "utf-16", "utf-16-le"):
        try_to_read(text.encode(encoding))


@given(st.data())
@settings(deadline=None)
def test_a_workbook_with_any_part_spoilt_is_read_or_refused(data):
    name = data.draw(st.sampled_from(sorted(PARTS)))
    xml = PARTS[name].encode()
    place = data.draw(st.integers(0, len(xml)))
    junk = data.draw(st.binary(max_size=20) | st.sampled_from([b"<row>", b"</c>", b'r="A1"']))
    cut = data.draw(st.integers(0, 30))

    try_to_read(packed(PARTS | {name: xml[:place] + junk + xml[place + cut :]}).getvalue())


@given(st.data())
@settings(deadline=None)
def test_a_workbook_with_any_byte_spoilt_is_read_or_refused(data):
    whole = bytearray(packed(PARTS).getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    try_to_read(bytes(whole))
