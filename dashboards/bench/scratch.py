"""A database of the bench's own, and a process of its own for each thing it measures."""

import resource
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from django.conf import settings
from django.db import connection

NAME = "bench_footbridge"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def database():
    """Have an empty, migrated database; it is dropped at the end, and by Ctrl-C as well."""
    usual = connection.settings_dict["NAME"]
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        connection.settings_dict.setdefault("TEST", {})["NAME"] = NAME
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        _drop(usual)
        for number, handler in before.items():
            signal.signal(number, handler)


def _drop(usual):
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = usual
    with connection._nodb_cursor() as cursor:
        # Not WITH (FORCE): that also ends the server's own vacuum, which only a superuser may.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = current_user",
            [NAME],
        )
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")


@dataclass
class Figures:
    """What one piece of work took: seconds, the process's peak in MB, statements; its answer."""

    seconds: float
    peak: float
    statements: int
    answer: object = None


def apart(work, *args):
    """Do `work` in a process of its own, where its memory can be seen, and return the Figures."""
    connection.close()
    with ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=_quiet) as pool:
        return pool.submit(_measured, work, *args).result()


def _quiet():
    """Let Ctrl-C end the process without a word; the parent says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _measured(work, *args):
    connection.ensure_connection()
    with counted() as statements:
        started = time.perf_counter()
        answer = work(*args)
        seconds = time.perf_counter() - started
    connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figures(seconds, peak, len(statements), answer)


@contextmanager
def counted():
    """Collect the statements that are sent meanwhile."""
    statements = []

    def count(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield statements
