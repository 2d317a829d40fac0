"""Every action, broken at every statement it makes: the database is left exactly as it was."""

from hashlib import sha256

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import OperationalError, connection

from config.tests.actions import ACTIONS, EXAMPLES, NO_ACTIONS, PUBLIC, example
from core import scope
from core.models import AuditEvent
from core.tests.counting import AROUND

each_action = pytest.mark.parametrize("name", sorted(ACTIONS))


@pytest.fixture
def call(name, cast):
    return example(name, cast)


def run(call):
    """Act as the site does: the database answers for the actor; None is the operator."""
    by = call.keywords["by"]
    with scope.person(by.pk) if by else scope.everything():
        call()


def refuse(*args, **kwargs):
    raise RuntimeError("no audit")


class Broken:
    """A wrapper of all statements that refuses the one at place `at`."""

    def __init__(self, at):
        self.at, self.asked = at, 0

    def __call__(self, execute, sql, params, many, context):
        if not str(sql).startswith(AROUND):
            self.asked += 1
            if self.asked == self.at:
                raise OperationalError("the database is gone")
        return execute(sql, params, many, context)


def breaks(call, at):
    """Whether the action, refused its statement at place `at`, says so; False once it has none."""
    broken = Broken(at)
    try:
        with connection.execute_wrapper(broken):
            run(call)
    except OperationalError:
        return True
    return broken.asked >= at


def everything():
    """All that an action could leave behind: rows, files, letters, and what follows a commit."""
    return _tables(), _files(), len(mail.outbox), len(connection.run_on_commit)


def _tables():
    quote = connection.ops.quote_name
    read = (
        f"SELECT '{table}', md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) "
        f"FROM {quote(table)} AS row"
        for table in connection.introspection.table_names()
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(read))
        return dict(cursor.fetchall())


def _files(folder=""):
    if not default_storage.exists(folder):
        return {}
    folders, names = default_storage.listdir(folder)
    found = {}
    for name in names:
        path = f"{folder}/{name}".lstrip("/")
        with default_storage.open(path) as file:
            found[path] = sha256(file.read()).hexdigest()
    for name in folders:
        found |= _files(f"{folder}/{name}".lstrip("/"))
    return found


def test_every_action_has_an_example():
    assert sorted(EXAMPLES) == sorted(ACTIONS)


def test_whatever_else_is_public_beside_the_actions_is_known():
    assert set(PUBLIC) - set(ACTIONS) == NO_ACTIONS


@each_action
def test_an_action_leaves_nothing_whatever_breaks(name, call, monkeypatch):
    before = everything()

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="no audit"):
        patch.setattr("core.audit.record", refuse)
        run(call)
    assert everything() == before

    at = 1
    while breaks(call, at):
        assert everything() == before
        at += 1
    assert everything() != before


@each_action
def test_an_action_is_audited_with_its_actor_and_no_word_of_a_person(name, call):
    by = call.keywords["by"]
    known = set(AuditEvent.objects.values_list("pk", flat=True))

    run(call)

    events = AuditEvent.objects.exclude(pk__in=known)
    said = str(list(events.values_list("changes", flat=True))).lower()
    assert {event.actor_id for event in events} == {by and by.pk}
    assert "canary" not in said
    assert "@" not in said
