"""The peer of the register import: django-import-export, set as fast as it goes."""

import hashlib
from importlib.metadata import version

import tablib
from django.db import connection
from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader

from schools.models import Establishment
from schools.register.columns import BY_NAME

# The plain fields: it would ask the database once for each code of each row.
TEXTS = ["name", "ukprn", "street", "locality", "town", "county", "postcode", "telephone", "lsoa"]
NUMBERS = ["capacity", "pupils", "boys", "girls", "low_age", "high_age", "easting", "northing"]
DATES = ["opened_on", "closed_on", "census_on", "last_changed_on"]
NAMES = [*TEXTS, *NUMBERS, *DATES]
SETTINGS = {
    "use_bulk": True,
    "batch_size": 1000,
    "skip_unchanged": True,
    "report_skipped": False,
    "skip_html_diff": True,
    "use_transactions": True,
    "instance_loader_class": CachedInstanceLoader,
}


def about():
    """Its version, its settings and what it writes, in words."""
    said = ", ".join(f"{name}={getattr(v, '__name__', v)}" for name, v in SETTINGS.items())
    return f"django-import-export {version('django-import-export')} ({said}); {len(NAMES)} fields"


def _field(name):
    widget = widgets.CharWidget()
    if name in NUMBERS:
        widget = widgets.IntegerWidget()
    if name in DATES:
        widget = widgets.DateWidget("%d-%m-%Y")
    return fields.Field(attribute=name, column_name=BY_NAME[name].header, widget=widget)


class PeerResource(resources.ModelResource):
    """The register as a resource; a row is found by its URN."""

    urn = fields.Field(attribute="code", column_name="URN")

    class Meta:
        model = Establishment
        fields = ["urn", *NAMES]
        import_id_fields = ["urn"]
        locals().update(SETTINGS)

    def __init__(self):
        super().__init__()
        self.fields |= {name: _field(name) for name in NAMES}


def update(path):
    """Bring the register into line with a file, and return how many rows it changed."""
    rows = tablib.Dataset().load(path.read_bytes().decode("cp1252"), format="csv")
    result = PeerResource().import_data(rows, raise_errors=True)
    return result.totals["update"]


def checksum():
    """Of the fields that both write, over every row."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT code, {', '.join(NAMES)} FROM schools_establishment ORDER BY code"  # noqa: S608
        )
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()[:12]
