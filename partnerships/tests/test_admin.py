import pytest
from django.apps import apps
from django.contrib import admin

from partnerships.models import Strand

pytestmark = pytest.mark.django_db


def test_no_model_of_a_partnership_is_in_the_admin():
    owned = {
        model
        for model in apps.get_models()
        if any(field.name == "partnership" for field in model._meta.fields)
        or model._meta.label == "partnerships.Partnership"
    }

    assert owned & set(admin.site._registry) == set()


def test_a_strand_is_renamed_but_never_deleted(as_user, site_admin):
    strand = Strand.objects.first()
    client = as_user(site_admin)
    asked = {"name": "Renamed", "order": 1, "source": "", "list_version": "", "retired_on": ""}

    changed = client.post(f"/admin/partnerships/strand/{strand.pk}/change/", asked)
    deleted = client.post(f"/admin/partnerships/strand/{strand.pk}/delete/", {"post": "yes"})

    strand.refresh_from_db()
    assert (changed.status_code, deleted.status_code) == (302, 403)
    assert strand.name == "Renamed"


def test_the_admin_is_for_site_administrators(as_user, manager):
    assert as_user(manager).get("/admin/partnerships/strand/").status_code == 302
