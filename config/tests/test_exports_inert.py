"""Every file that leaves, made from rows whose every text is hostile: nothing in it can run."""

import ast
import csv
import io
import unicodedata
import zipfile
from itertools import product

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.db import Error, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from config.tests.test_cast import read
from core.tests.test_architecture import ROOMS
from core.text import UNSEEN
from dashboards.contents import CONTENTS
from evaluation import reports
from schools.tests.areas import load_postcode
from schools.tests.factories import make_change

pytestmark = pytest.mark.django_db
HOSTILE = '=HYPERLINK("x")\x07\u202e'
SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
WRITERS = {
    "csv_response",
    "file_response",
    "published_csv",
    "write_csv",
    "write_file",
    "write_published",
    "xlsx_response",
    "xlsx_stream",
}
TECHNICAL = {"password", "policy", "line_hash", "unique_key", "state", "kind", "email"}
MUST_BE_SPOILT = {
    "activities.Activity.summary",
    "activities.ActivityType.name",
    "evaluation.AccessPlan.title",
    "evaluation.InterventionStrategy.title",
    "needs.NeedArea.name",
    "partnerships.Hub.name",
    "partnerships.Partnership.name",
    "schools.School.name",
    "accounts.User.name",
}


def text_fields():
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                is_words = not field.choices and field.name not in TECHNICAL
                if is_text and is_words and not isinstance(field, models.SlugField):
                    yield model, field


def spoil():
    """Write the hostile text into every text field that takes it; return which did."""
    spoilt = set()
    number = Cast(F("pk"), models.TextField())
    for model, field in text_fields():
        text = Concat(Value(HOSTILE), number, output_field=models.TextField())
        try:
            with transaction.atomic():
                if model._base_manager.update(**{field.name: text}):
                    spoilt.add(f"{model._meta.label}.{field.name}")
        except Error:
            continue
    return spoilt


def activities_files(world, client):
    for format in ("csv", "xlsx"):
        yield read(client.post("/activities/export/", {"format": format}))


def schools_files(world, client):
    for contents, format in product(CONTENTS, ("csv", "xlsx")):
        sent = {"contents": contents, "format": format}
        yield read(client.post("/schools/export/?standing=all", sent))


def hub_board_files(world, client):
    for format in ("csv", "xlsx"):
        yield read(client.get(f"/needs/hubs/{world.hub.pk}/download/?format={format}"))


def choice_files(world, client):
    for format in ("csv", "xlsx"):
        address = f"/partnerships/{world.partnership.pk}/choice/download/?format={format}"
        yield read(client.get(address))


def register_changes_files(world, client):
    for field in ("name", "trust"):
        make_change(world.applied, world.link.school, field, old=HOSTILE, new=HOSTILE)
    yield read(client.get(f"/partnerships/{world.partnership.pk}/register-changes/download/"))


def record_files(world, client):
    for format in ("csv", "xlsx"):
        school = world.unlinked.pk
        yield read(client.get(f"/schools/{school}/record/download/?format={format}"))


def trust_files(world, client):
    for format in ("csv", "xlsx"):
        url = f"/schools/trusts/{world.trust.uid}/export/"
        yield read(client.post(url, {"format": format}))


def profile_files(world, client):
    load_postcode()
    for format in ("csv", "xlsx"):
        sent = {"postcodes": f"KT1 2AB\n{HOSTILE}", "format": format}
        yield read(client.post("/schools/postcodes/", sent))


def pack_files(world, client):
    world.pack.refresh_from_db()
    yield reports.build(world.pack, by=world.manager, progress=lambda *told: None)[0]


FILES = {
    "activities.exports": activities_files,
    "dashboards.choice.exports": choice_files,
    "dashboards.exports": schools_files,
    "dashboards.views.board": hub_board_files,
    "dashboards.record_file": record_files,
    "dashboards.views.register": register_changes_files,
    "dashboards.views.trust": trust_files,
    "schools.areas.exports": profile_files,
    "evaluation.reports": pack_files,
}


CSV_ALONE = {"dashboards.views.register"}


def names_imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core.exports"):
            yield from (name.name for name in node.names)


def cells_of(data):
    """Yield (text, whether it is live) of each cell of a CSV file or a workbook."""
    if data[:2] == b"PK":
        book = openpyxl.load_workbook(io.BytesIO(data))
        for sheet in book:
            yield sheet.title, False
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                yield str(cell.value or ""), cell.data_type == "f" or bool(cell.hyperlink)
    else:
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            for text in row:
                yield text, text.strip().startswith(SIGNS) and not is_number(text)


def is_number(text):
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def has_controls(text):
    return bool(UNSEEN.search(text)) or any(
        unicodedata.category(character) == "Cc" and character not in "\t\n" for character in text
    )


def test_every_maker_of_files_is_tested_here():
    makers = {
        ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for room in ROOMS
        if room != "core"
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if "tests" not in path.parts and WRITERS & set(names_imported(path))
    }

    assert makers == set(FILES)


@pytest.mark.parametrize("maker", FILES)
def test_no_file_can_run_or_hide_anything(maker, world, manager, as_user):
    world.manager = manager
    client = as_user(manager)
    spoilt = spoil()
    manager.refresh_from_db()

    files = list(FILES[maker](world, client))
    cells = [cell for data in files for cell in cells_of(data)]

    assert MUST_BE_SPOILT - spoilt == set()
    assert len([text for text, _ in cells if "HYPERLINK" in text]) >= 2
    assert [text for text, is_live in cells if is_live] == []
    assert [text for text, _ in cells if has_controls(text)] == []


@pytest.mark.parametrize("maker", sorted(FILES.keys() - CSV_ALONE))
def test_no_workbook_holds_a_formula_or_a_link(maker, world, manager, as_user):
    world.manager = manager
    spoil()

    parts = [
        (name, package.read(name).decode())
        for data in FILES[maker](world, as_user(manager))
        if data[:2] == b"PK"
        for package in [zipfile.ZipFile(io.BytesIO(data))]
        for name in package.namelist()
    ]

    sheets = [xml for name, xml in parts if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) >= 2
    assert [
        xml for xml in sheets if "<f" in xml.replace("<filter", "") or "<hyperlink" in xml
    ] == []
    assert [name for name, _ in parts if "external" in name.lower() or "vba" in name.lower()] == []
