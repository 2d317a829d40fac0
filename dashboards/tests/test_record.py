"""The register's whole record of a school: every fact it has, and what changed."""

import csv

import pytest
from django.urls import reverse

from dashboards import record
from partnerships.tests.factories import make_school
from schools.models import Establishment
from schools.register import import_file
from schools.register.columns import FIELDS
from schools.tests.extract import extract, row

pytestmark = pytest.mark.django_db


def test_every_fact_of_the_register_is_shown_somewhere():
    shown = {name for names in record.GROUPS.values() for name in names.split()}

    assert {field.name for field in FIELDS} - shown == {"name", "last_changed_on"}


def test_the_record_tells_what_is_known_and_leaves_out_what_is_not(as_user, officer):
    school = make_school("Saltmere Academy", town="Ketterby", has_sixth_form=False)

    [found] = record.records_of(school)
    facts = dict(fact for _, group in found.groups for fact in group)
    page = as_user(officer).get(reverse("dashboards:school_record", args=[school.pk]))

    assert (facts["Town"], facts["Sixth form"]) == ("Ketterby", "No")
    assert "Street" not in facts
    assert page.status_code == 200


def test_the_record_tells_what_a_file_changed(as_user, officer):
    import_file(extract(row(Town="Ketterby")))
    import_file(extract(row(Town="Holm"), name="edubasealldata20261119.csv"))
    school = Establishment.objects.get().school

    changes = record.changes_of(school)

    assert [change[2:] for change in changes] == [("Town", "Ketterby", "Holm")]


def test_the_record_leaves_as_a_file_with_each_fact_once(as_user, officer, published):
    url = reverse("dashboards:record_download", args=[published.pk])

    body = b"".join(as_user(officer).get(url).streaming_content).decode("utf-8-sig")

    lines = list(csv.reader(body.splitlines()))
    assert ["Address", "900001", "Town", "", "Ketterby", ""] in lines
    assert next(line for line in lines if "UKPRN" in line)[4] == "10090001"


@pytest.fixture
def published(db):
    import_file(extract(row(Town="Ketterby")))
    return Establishment.objects.get().school
