"""The database itself refuses the rows of one partnership to a session of another."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from activities.models import Activity
from core import audit, checks, jobs, scope
from core.models import AuditEvent, Job
from core.tenancy import Wall
from core.tests.test_jobs import nothing
from needs import summaries
from partnerships.models import Membership, Partnership, SchoolAccess

WALLED = {
    model: wall.column
    for model in apps.get_models()
    for wall in model._meta.constraints
    if isinstance(wall, Wall)
}
OPEN = {
    "core": {"ReportingPeriod"},
    "partnerships": {"Programme", "Strand"},
    "needs": {"NeedArea", "NeedFramework"},
    "activities": {"ActivityType"},
    "evaluation": set(),
}
each_model = pytest.mark.parametrize("model", WALLED, ids=lambda model: model._meta.label)


def sql(statement, model, *values):
    """Run raw SQL, past every QuerySet of ours; `{table}` and `{column}` are the model's."""
    quote = connection.ops.quote_name
    statement = statement.format(
        table=quote(model._meta.db_table), column=quote(WALLED[model]), pk="id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else cursor.rowcount


def count(model, partnership):
    return sql("SELECT count(*) FROM {table} WHERE {column} = %s", model, partnership.pk)


@contextmanager
def refused():
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        yield


@pytest.fixture
def full(world, manager):
    """The world with no table empty."""
    summaries.recompute_all(world.partnership.pk, world.year)
    return world


def test_every_model_of_a_partnership_is_behind_the_wall():
    bare = {
        model._meta.label
        for room, names in OPEN.items()
        for model in apps.get_app_config(room).get_models()
        if model not in WALLED and model.__name__ not in names
    }

    assert bare == set()


@each_model
def test_the_policies_bind_the_owner_of_the_table_too(model, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (True, True)


def test_the_product_is_an_ordinary_role(db):
    assert list(checks.role_is_ordinary(databases=["default"])) == []


def test_a_role_above_the_policies_is_warned_of(db, monkeypatch):
    monkeypatch.setattr(checks, "IS_ABOVE_POLICIES", "SELECT true")

    (warning,) = checks.role_is_ordinary(databases=["default"])

    assert warning.id == "footbridge.W001"


@each_model
def test_a_session_of_another_partnership_finds_no_row(model, full, officer, outsider):
    before = count(model, full.partnership)

    with scope.person(officer.pk):
        ours = count(model, full.partnership)
    with scope.person(outsider.pk):
        theirs = count(model, full.partnership)
    with scope.person(None):
        nobodys = sql("SELECT count(*) FROM {table}", model)

    assert (ours, theirs, nobodys) == (before, 0, 0)
    assert before > 0


@each_model
def test_a_session_of_another_partnership_changes_no_row(model, full, outsider):
    with scope.person(outsider.pk):
        changed = sql("UPDATE {table} SET {column} = {column} WHERE id > %s", model, 0)
        deleted = sql("DELETE FROM {table} WHERE {column} = %s", model, full.partnership.pk)

    own = model in (Partnership, Membership)  # the outsider's own two rows
    assert (changed, deleted) == (int(own), 0)


@each_model
def test_a_session_of_another_partnership_writes_no_row(model, full, outsider):
    row = model._base_manager.filter(**{WALLED[model]: full.partnership.pk}).first()
    row.pk = 10**9

    with scope.person(outsider.pk), refused():
        row.save(force_insert=True)


def test_nobody_lets_themselves_in(full, outsider):
    with scope.person(outsider.pk):
        joined = Membership(partnership=full.partnership, user=outsider, role="manager")
        with refused():
            joined.save()
        own = SchoolAccess(partnership=full.partnership, school_link=full.link, user=outsider)
        with refused():
            own.save()


def test_a_row_is_not_given_away(full, outsider, other_partnership, officer):
    with scope.person(officer.pk), refused():
        Activity.objects.filter(pk=full.activity.pk).update(partnership=other_partnership)


def test_who_left_finds_nothing(full, officer):
    Membership.objects.filter(user=officer).update(ended_on=full.today)

    with scope.person(officer.pk):
        assert count(Activity, full.partnership) == 0


def test_in_two_partnerships_one_alone_can_be_asked_for(full, officer, other_partnership):
    Membership.objects.create(partnership=other_partnership, user=officer, role="viewer")

    with scope.person(officer.pk):
        both = Partnership.objects.count()
    with scope.kept():
        scope.enter(scope.Scope(person=officer.pk, partnership=other_partnership.pk))
        one = list(Partnership.objects.all())

    assert (both, one) == (2, [other_partnership])


def test_audit_of_no_partnership_is_read_by_its_actor_alone(site_admin, outsider):
    audit.record("register.imported", site_admin, by=site_admin)

    with scope.person(site_admin.pk):
        assert AuditEvent.objects.count() == 1
    with scope.person(outsider.pk):
        assert AuditEvent.objects.count() == 0


def test_an_error_inside_leaves_the_scope_as_it_was(full, outsider):
    with pytest.raises(DatabaseError), transaction.atomic(), scope.person(outsider.pk):
        Activity.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    assert count(Activity, full.partnership) > 0


def test_a_job_runs_as_its_owner(full, outsider):
    job = jobs.enqueue(nothing, title="Count", by=outsider)

    with jobs.run(job.pk) as running:
        found = count(Activity, full.partnership)

    assert running.owner == outsider
    assert found == 0
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE


def stream(request):
    """A streamed answer whose rows are read while it is sent, after the request is over."""
    rows = (b"%d;" % pk for pk in Activity.objects.values_list("pk", flat=True).iterator())
    return StreamingHttpResponse(rows)


urlpatterns = [path("stream/", stream), path("", include("config.urls"))]


@contextmanager
def at_rest_for_nobody():
    """This test's connection as it is in a server: told nothing, it answers for nobody."""
    connection.close()
    resting, connection._rest = connection._rest, scope.NOBODY
    connection.scope = scope.NOBODY
    try:
        yield
    finally:
        connection.close()
        connection._rest = connection.scope = resting


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_stream_and_each_transaction_are_told_for_whom(full, officer, outsider):
    clients = [Client(), Client()]
    for client, user in zip(clients, (officer, outsider), strict=True):
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])

    with at_rest_for_nobody():
        bodies = [b"".join(client.get("/stream/").streaming_content) for client in clients]
        between = Activity.objects.count()
        with scope.person(officer.pk):
            alone = Activity.objects.count()
            chunked = len(list(Activity.objects.iterator()))
            with transaction.atomic():
                inside = Activity.objects.count()
        after = Activity.objects.count()

    assert bodies[0].count(b";") == 3
    assert bodies[1] == b""
    assert (between, alone, chunked, inside, after) == (0, 3, 3, 3, 0)
