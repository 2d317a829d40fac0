"""Servers that go away and come back, for real: a Redis of the test's own, and its own database."""

import os
import socket
import subprocess
import sys
from contextlib import closing, contextmanager

import psycopg2
from django.conf import settings
from django.db import connection

from core.embedded import places
from core.tests.worker import database_url, kill, wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Redis:
    """A server on a port of its own, that can be stopped and started again with what it held."""

    def __init__(self, directory):
        self.port, self.directory, self.process = free_port(), directory, None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        plain = f"--bind 127.0.0.1 --port {self.port} --daemonize no --appendonly yes"
        self.process = subprocess.Popen(
            [places.redis_program(), *plain.split(), "--dir", self.directory],
            stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: listens(self.port))

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextmanager
def own_redis(directory):
    server = Redis(directory)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_site(redis_url):
    """Gunicorn on the test's database and another Redis; yields its port."""
    port = free_port()
    command = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--no-control-socket", "--log-level", "warning"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "REDIS_URL": redis_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: listens(port))
        yield port
    finally:
        kill(process)


@contextmanager
def database_away():
    """Nobody can connect to the test's database, and nobody is connected."""
    values = connection.settings_dict
    elsewhere = psycopg2.connect(**connection.get_connection_params() | {"dbname": "postgres"})
    elsewhere.autocommit = True
    name = connection.ops.quote_name(values["NAME"])
    with closing(elsewhere), elsewhere.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [values["NAME"]],
        )
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
