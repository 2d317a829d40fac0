"""Two people at once: two real connections, and an order of events that is forced."""

import threading

from django.db import connection, transaction

from core.tests.worker import PATIENCE, wait_until


class Beside(threading.Thread):
    """An act in a thread with a connection of its own; `gave` is its answer or its refusal."""

    def __init__(self, act):
        super().__init__()
        self.act, self.gave, self.pid = act, None, None

    def run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self.gave = self.act()
        except Exception as error:
            self.gave = error
        finally:
            connection.close()

    def stands_still(self):
        """Whether the act is over, or waits for a lock that another connection holds."""
        if self.pid is None or not self.is_alive():
            return not self.is_alive()
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.pid])
            return cursor.fetchone()[0]


def race(first, second):
    """Do `first` up to its commit, then `second` as far as it comes, then let both end.

    Returns what each gave. So each checks before it can see what the other wrote.
    """
    written, commit = threading.Event(), threading.Event()

    def held():
        try:
            with transaction.atomic():
                gave = first()
                written.set()
                commit.wait(PATIENCE)
            return gave
        finally:
            written.set()

    racers = Beside(held), Beside(second)
    racers[0].start()
    written.wait(PATIENCE)
    racers[1].start()
    wait_until(racers[1].stands_still)
    commit.set()
    for racer in racers:
        racer.join(PATIENCE)
    return [racer.gave for racer in racers]
