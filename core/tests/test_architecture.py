"""The rules of the house that no linter sees."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

from core.tenancy import TenantForeignKey

ROOMS = [
    "core",
    "accounts",
    "schools",
    "partnerships",
    "needs",
    "activities",
    "evaluation",
    "dashboards",
]
OWN_MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
OWNED = [
    model
    for model in OWN_MODELS
    if any(field.name == "partnership" and field.is_relation for field in model._meta.fields)
]
NOT_OWNED = {
    "core": {"AuditEvent", "Job", "ReportingPeriod"},
    "accounts": {"User"},
    "partnerships": {"Partnership", "Programme", "Strand"},
    "needs": {"NeedArea", "NeedFramework"},
    "activities": {"ActivityType"},
}
READERS = ["views", "forms", "api", "tasks", "exports", "filters", "board", "home", "context"]
LONGEST_FILE, LONGEST_FUNCTION = 400, 30


def sources():
    for room in [*ROOMS, "config"]:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path):
    return str(path.relative_to(settings.BASE_DIR))


def test_foreign_keys_point_downwards():
    upwards = [
        f"{model._meta.label}.{field.name} to {field.related_model._meta.label}"
        for model in OWN_MODELS
        for field in model._meta.fields
        if field.is_relation
        and field.related_model._meta.app_label in ROOMS
        and field.name not in ("owner", "user", "by")
        and ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]

    assert upwards == []


def test_every_model_above_the_register_belongs_to_a_partnership():
    loose = {
        model._meta.label
        for model in OWN_MODELS
        if model not in OWNED
        and model._meta.app_label != "schools"
        and model.__name__ not in NOT_OWNED.get(model._meta.app_label, ())
    }

    assert loose == set()


def test_owned_children_carry_a_composite_key():
    missing = []
    for model in OWNED:
        held = {
            constraint.fields[-1]
            for constraint in model._meta.constraints
            if isinstance(constraint, TenantForeignKey) and constraint.to_fields[-1] == "id"
        }
        missing += [
            f"{model._meta.label}.{field.name}"
            for field in model._meta.fields
            if field.is_relation and field.related_model in OWNED and field.name not in held
        ]

    assert missing == []


def test_owned_parents_carry_the_key_that_children_point_at():
    parents = {
        field.related_model
        for model in OWNED
        for field in model._meta.fields
        if field.is_relation and field.related_model in OWNED
    }

    missing = [
        parent._meta.label
        for parent in parents
        if not any(
            isinstance(constraint, models.UniqueConstraint)
            and constraint.fields == ("partnership", "id")
            for constraint in parent._meta.constraints
        )
    ]

    assert missing == []


def test_owned_models_have_no_hidden_join_tables():
    hidden = [
        f"{model._meta.label}.{field.name}"
        for model in OWNED
        for field in model._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    ]

    assert hidden == []


def test_every_owned_model_is_reached_by_visible_to():
    blind = [model._meta.label for model in OWNED if not hasattr(model.objects, "visible_to")]

    assert blind == []


def test_the_partnership_leads_the_indexes_of_owned_models():
    by_person = {"user", "owner"}

    other = [
        f"{model._meta.label}: {index.name}"
        for model in OWNED
        for index in model._meta.indexes
        if index.fields and index.fields[0] != "partnership" and index.fields[0] not in by_person
    ]

    assert other == []


def test_the_admin_has_no_owned_model():
    registered = [model._meta.label for model in OWNED if admin.site.is_registered(model)]

    assert registered == []


def is_reader(path):
    return "tests" not in path.parts and any(
        part in READERS for part in (*path.parts[:-1], path.stem)
    )


def owned_manager_calls(tree):
    """Yield (line, text) for each `Model.objects.other_than_visible_to` of an owned model."""
    names = {model.__name__ for model in OWNED} | {"Partnership", "Job"}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in ("objects", "_default_manager", "_base_manager")
            and isinstance(node.value.value, ast.Name)
            and node.value.value.id in names
            and node.attr not in ("visible_to", "none")
        ):
            yield node.lineno, ast.unparse(node)


def test_readers_start_from_visible_to():
    strays = [
        f"{name_of(path)}:{line} {text}"
        for path in sources()
        if is_reader(path)
        for line, text in owned_manager_calls(ast.parse(path.read_text()))
    ]

    assert strays == []


def test_the_search_for_strays_finds_one():
    planted = ast.parse("rows = Activity.objects.filter(pk=1)\nfine = Need.objects.visible_to(u)")

    assert list(owned_manager_calls(planted)) == [(1, "Activity.objects.filter")]


def test_writes_are_in_actions():
    writing = {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update"}
    strays = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in sources()
        if is_reader(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in writing
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "objects"
    ]

    assert strays == []


def test_no_file_is_too_long():
    long = [
        f"{name_of(path)}: {lines}"
        for path in sources()
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    ]

    assert long == []


def test_no_function_is_too_long():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "services.py", "signals.py"])
def test_no_drawer_for_odds_and_ends(name):
    assert [name_of(path) for path in sources() if path.name == name] == []


def test_no_inline_style_or_script_in_templates():
    strays = []
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        text = path.read_text()
        for mark in (" style=", "<style", " onclick=", " onload=", "javascript:"):
            if mark in text:
                strays.append(f"{path.name}: {mark}")
        for part in text.split("<script")[1:]:
            tag = part.split(">", 1)[0]
            if "src=" not in tag and "application/json" not in tag:
                strays.append(f"{path.name}: inline script")

    assert strays == []


def test_tasks_never_run_in_the_process_that_asks():
    word = "task_" + "always_eager"

    found = [name_of(path) for path in sources() if word in path.read_text().lower()]

    assert found == []


def test_static_files_are_our_own():
    names = sorted(path.name for path in Path(settings.BASE_DIR / "static").rglob("*.min.*"))

    assert names == []
