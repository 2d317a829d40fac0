"""The API against its own document: what schemathesis sends, valid and not, over all of it.

More by hand: `API_EXAMPLES=400 pytest config/tests/test_api_schema.py`.
"""

import os
from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.openapi import from_dict
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import positive_data_acceptance

from config.wsgi import application
from partnerships import actions
from schools.models import EstablishmentLink
from schools.tests.areas import load_postcode

EXAMPLES = int(os.environ.get("API_EXAMPLES", "5"))

THOROUGH = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
document = from_dict(
    SchemaGenerator().get_schema(public=True), config=SchemathesisConfig(seed=20261122)
)
document.app = application
OPERATIONS = [found.ok() for found in document.get_all_operations()]


@pytest.fixture
def one_connection():
    """Keep the test's connection, and with it its transaction, from request to request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(world, manager, one_connection):
    """The header of a manager's token."""
    _, secret = actions.issue_token(
        manager.memberships.get(),
        name="Every address",
        expires_on=timezone.localdate() + timedelta(days=365),
        by=manager,
    )
    return {"Authorization": f"Bearer {secret}"}


IN_PATHS = {
    "partnerships": "partnership",
    "hubs": "hub",
    "providers": "provider",
    "memberships": "membership",
    "schools": "link",
    "conversations": "conversation",
    "register": "unlinked",
    "school-choice": "partnership",
    "needs": "need",
    "assessments": "assessment",
    "activities": "activity",
    "plans": "plan",
    "evidence-packs": "pack",
    "jobs": "job",
    "results": "result",
    "areas": "area_of_school",
    "register-runs": "applied",
    "register-changes": "change",
    "trusts": "trust",
    "closed-schools": "asked",
    "continuations": "continuation",
}


def rows_of(world):
    """An id for each name that a path or a body may hold one under."""
    fields = {
        "partnership": world.partnership,
        "school": world.unlinked,
        "school_link": world.link,
        "hub": world.hub,
        "plan": world.plan,
        "provider": world.provider,
        "adapted_from": world.offer,
        "from_link": world.closed,
    }
    paths = {noun: getattr(world, name).pk for noun, name in IN_PATHS.items()}
    paths["links"] = EstablishmentLink.objects.first().pk
    return paths, {name: row.pk for name, row in fields.items()}


def aim(case, world):
    """Put ids that exist in the place of half of those that were made up."""
    paths, fields = rows_of(world)
    noun = case.path.split("/")[3]
    for said, known in ((case.path_parameters, {"id": paths.get(noun)}), (case.body, fields)):
        for name, value in dict(said).items() if isinstance(said, dict) else ():
            if name in known and type(value) is int and value % 2 == 0:
                said[name] = known[name]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_as_the_document_says(operation, headers, world):
    load_postcode()

    def ask(case):
        aim(case, world)
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    # Its own pytest collector gives all its tests one name, which xdist then runs as one.
    build_operation_test(
        config=document.config,
        operation=operation,
        test_func=ask,
        given_kwargs={},
        feedback=FeedbackSources(),
        explicit_settings=THOROUGH,
    )()
