"""The embedded servers: real ones, in directories of their own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import pytest
import redis

from core.embedded.processes import command_line
from core.tests.running import (
    PATIENCE,
    User,
    environment,
    make_home,
    processes,
    remove_home,
    user,
    wait_until,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another user")


@pytest.fixture
def var():
    path = make_home()
    yield path
    remove_home(path)


def sql(sockets, statement):
    """Run one statement as the application's role."""
    with closing(psycopg2.connect(host=sockets, user="footbridge", dbname="footbridge")) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None


def keeper(var):
    return int((var / "keeper.lock").read_text())


def postmaster(var):
    return int((var / "pg" / "postmaster.pid").read_text().split()[0])


def log(var):
    return (var / "keeper.log").read_text()


def test_servers_start_for_the_first_user_and_stop_after_the_last(var):
    with user(var) as (_, sockets):
        first = keeper(var)
        with user(var):
            assert keeper(var) == first
            assert sql(sockets, "SELECT 1") == [(1,)]
        assert sql(sockets, "SELECT 1") == [(1,)]

    wait_until(lambda: not processes(var))

    assert log(var).count("database system is shut down") == 1


def test_the_application_is_an_ordinary_role_that_owns_its_database(var):
    with user(var) as (_, sockets):
        facts = sql(
            sockets,
            "SELECT rolsuper, rolbypassrls, rolcreatedb, datdba::regrole::text FROM pg_roles, "
            "pg_database WHERE rolname = current_user AND datname = current_database()",
        )
        for name in ("pg_trgm", "unaccent", "btree_gist"):
            sql(sockets, f"CREATE EXTENSION {name}")

    assert facts == [(False, False, True, "footbridge")]


def test_sockets_and_data_are_closed_to_others(var):
    with user(var) as (_, sockets):
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (sockets, var / "pg")]

    assert modes == [0o700, 0o700]


def test_data_is_still_there_after_everything_was_killed(var):
    with user(var, FOOTBRIDGE_DURABLE="1") as (one, sockets):
        sql(sockets, "CREATE TABLE kept AS SELECT 7 AS number")
        redis.Redis(unix_socket_path=str(sockets / "redis.sock")).set("kept", "yes")
        for pid in [keeper(var), *processes(var)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        one.kill()
        wait_until(lambda: not processes(var))

    with user(var, FOOTBRIDGE_DURABLE="1") as (_, sockets):
        assert sql(sockets, "SELECT number FROM kept") == [(7,)]
        assert redis.Redis(unix_socket_path=str(sockets / "redis.sock")).get("kept") == b"yes"


def test_a_server_with_no_connection_to_spare_still_counts_as_running(var):
    with user(var) as (one, sockets):
        lines = []
        with suppress(psycopg2.OperationalError):
            while True:
                lines.append(psycopg2.connect(host=sockets, user="footbridge"))
        first = keeper(var)

        one.ask()

        assert one.answer() == sockets
        assert keeper(var) == first
        for line in lines:
            line.close()


def test_a_killed_postmaster_is_started_again(var):
    with user(var, FOOTBRIDGE_DURABLE="1") as (one, sockets):
        sql(sockets, "CREATE TABLE kept AS SELECT 7 AS number")
        killed = postmaster(var)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: not command_line(killed))
        one.ask()
        one.answer()

        assert sql(sockets, "SELECT number FROM kept") == [(7,)]
        assert postmaster(var) != killed


def test_a_killed_keeper_is_replaced_by_the_next_connection(var):
    with user(var, FOOTBRIDGE_DURABLE="1") as (_, sockets):
        sql(sockets, "CREATE TABLE kept AS SELECT 7 AS number")
        killed = keeper(var)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: not command_line(killed))
        with user(var, FOOTBRIDGE_DURABLE="1") as (_, sockets):
            assert sql(sockets, "SELECT number FROM kept") == [(7,)]
            assert keeper(var) != killed

    wait_until(lambda: not processes(var))


def test_a_killed_user_counts_no_longer(var):
    one = User(var)
    one.answer()

    one.kill()

    wait_until(lambda: not processes(var))


def test_many_at_once_on_an_empty_directory_make_one_cluster(var):
    users = [User(var) for _ in range(6)]

    sockets = {one.answer() for one in users}

    assert len(sockets) == 1
    assert log(var).count("creating subdirectories") == 1
    assert log(var).count("started PostgreSQL") == 1
    for one in users:
        one.end()


def test_a_cluster_whose_making_was_cut_short_is_made_anew(var):
    with user(var) as (_, sockets):
        sql(sockets, "CREATE TABLE half AS SELECT 1")
    wait_until(lambda: not processes(var))
    (var / "initdb.begun").touch()

    with user(var) as (_, sockets):
        assert sql(sockets, "SELECT to_regclass('half')") == [(None,)]


@pytest.mark.parametrize("name", ["with some spaces", "comma, and Ŵ", 150 * "x"])
def test_any_directory_name_will_do(name):
    var = make_home(name)

    with user(var) as (_, sockets):
        assert sql(sockets, "SELECT 1") == [(1,)]

    wait_until(lambda: not processes(var))
    if sockets.parent != var:
        shutil.rmtree(sockets)
    remove_home(var)


def test_only_what_no_address_replaces_is_started(var):
    with user(var, DATABASE_URL="postgresql://db.example/footbridge"):
        assert sorted(path.name for path in var.glob("wanted-*")) == ["wanted-redis"]
        assert "started PostgreSQL" not in log(var)
    wait_until(lambda: not processes(var))

    with user(var, REDIS_URL="redis://redis.example") as (_, sockets):
        assert sql(sockets, "SELECT 1") == [(1,)]
        assert log(var).count("started Redis") == 1


def test_data_of_another_version_stops_the_start_with_a_sentence(var):
    with user(var):
        pass
    wait_until(lambda: not processes(var))
    (var / "pg" / "PG_VERSION").write_text("12\n")

    complaint = User(var).end()

    assert "was made by PostgreSQL 12 and this is 18" in complaint
    wait_until(lambda: not processes(var))


def test_a_secret_is_made_once(var):
    script = "from core import embedded; print(embedded.kept_secret())"
    asked = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(var),
        )
        for _ in range(6)
    ]

    secrets = {process.communicate(timeout=PATIENCE)[0] for process in asked}

    assert len(secrets) == 1
    assert len(secrets.pop()) > 50
    assert stat.S_IMODE((var / "secret").stat().st_mode) == 0o600
    assert [path.name for path in var.iterdir()] == ["secret"]


@as_root
def test_a_closed_home_is_left_closed_and_the_data_kept_elsewhere(var):
    var.parent.chmod(0o700)

    with user(var) as (one, sockets):
        assert sql(sockets, "SELECT 1") == [(1,)]
        assert one.end().startswith(f"{var} is closed to the user")

    wait_until(lambda: not processes(sockets.parent))
    assert sockets.parent.parent == Path("/var/lib")
    assert stat.S_IMODE(var.parent.stat().st_mode) == 0o700
    shutil.rmtree(sockets.parent)
