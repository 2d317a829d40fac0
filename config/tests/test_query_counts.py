"""Every page and every list of the API asks the database as often with many rows as with few."""

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.api import router
from config.tests.addresses import pages
from config.tests.more import more
from config.tests.world import finish
from core.tasks import HEARTBEAT
from core.tenancy import Wall
from core.tests.counting import AROUND
from evaluation.tasks import build_pack

# None of these grows with the rows of a partnership.
ONE_ALONE = {"partnerships.Partnership", "partnerships.PriorityWeights"}


@pytest.fixture
def full(cast):
    """The world with a second row of everything, and what its files need."""
    build_pack(cast.job.pk)
    cast.job.refresh_from_db()
    finish(cast.job)
    more(cast)
    return cast


def addresses(cast, who):
    """Yield (name, address) of what a person reads: pages by name, lists of the API by noun."""
    for name, page in pages(cast).items():
        if page.method == "get" and who in page.ok.split():
            yield name, reverse(name, kwargs=page.kwargs) + page.query
    for noun, _, basename in router.registry:
        yield f"API {noun}", reverse(f"{basename}-list")


def asked(client, address):
    """The statements that one answer takes, without those that a test adds."""
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=60)  # as a living worker does
    with CaptureQueriesContext(connection) as context:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        if response.streaming:
            b"".join(response.streaming_content)
    queries = [query["sql"] for query in context.captured_queries]
    return [sql for sql in queries if not sql.startswith(AROUND)]


@pytest.mark.parametrize("who", ["manager", "officer", "school_lead", "site_admin"])
def test_no_address_asks_more_with_more_rows(who, full, as_user):
    client = as_user(getattr(full, who))
    places = dict(addresses(full, who))
    for address in ("/", "/schools/"):  # what is read once a process, or is kept, is read here
        client.get(address)

    few = {name: len(asked(client, place)) for name, place in places.items()}
    more(full)
    more(full)
    many = {name: asked(client, place) for name, place in places.items()}

    grown = {
        name: "\n".join([f"{few[name]} queries, then {len(many[name])}:", *many[name]])
        for name in places
        if len(many[name]) != few[name]
    }
    assert not grown, "\n\n".join(f"{name}: {said}" for name, said in grown.items())


def test_more_rows_are_more_of_every_model(full):
    owned = [
        model
        for model in apps.get_models()
        if any(isinstance(each, Wall) for each in model._meta.constraints)
        and model._meta.label not in ONE_ALONE
    ]
    before = {model: model._base_manager.count() for model in owned}

    more(full)

    assert [model for model in owned if model._base_manager.count() == before[model]] == []
