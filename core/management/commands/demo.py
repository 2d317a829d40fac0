"""`manage.py demo`: the whole site on this machine, with invented data."""

import errno
import fcntl
import os
import socket
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connections

from core import embedded, supervisor

PASSWORD = "footbridge-demo"  # noqa: S105 — everybody may know it
ACCOUNTS = {
    "officer": "outreach officer",
    "hub": "hub staff",
    "manager": "manager",
    "evaluator": "evaluator",
    "viewer": "viewer: totals only",
    "school": "school lead: signs in with a code, shown at {url}/dev/mail",
    "admin": "site administrator, and a manager",
    "outsider": "manager of another partnership",
}
LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
PORT_PATIENCE = 3


class Command(BaseCommand):
    """Starts everything, keeps it running, and leaves nothing behind."""

    help = "Start the demonstration site on this machine and keep it running."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-seed", action="store_true", help="Do not make the demo data.")

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("This is not a demonstration site. Start it with: make demo")
        port = wanted_port()
        url = f"http://localhost:{port}"
        with only_one(url) as running:
            if running:
                self.say(f"The demo is running already: {running}")
                return
            addresses = free_addresses(port)
            try:
                self.prepare(seed=not options["no_seed"])
            except KeyboardInterrupt:
                self.say("\nStopped.")
                return
            self.run_until_stopped(url, addresses)

    def say(self, words):
        """Print at once, even into a file or a pipe."""
        self.stdout.write(words)
        self.stdout.flush()

    def prepare(self, *, seed):
        """The servers, the tables and the demo data."""
        self.say("Starting the database ...")
        embedded.ensure()
        self.say("Preparing the tables ...")
        call_command("migrate", interactive=False, verbosity=0)
        if seed and "seed_demo" in get_commands():
            self.say("Making the demo data ...")
            call_command("seed_demo")
        connections.close_all()

    def run_until_stopped(self, url, addresses):
        """Web, worker and beat, until Ctrl-C."""
        self.say("Starting the site ...")
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise complains of its absence
        logs = settings.VAR_DIR / "log"
        children = supervisor.demo_children(
            addresses=addresses,
            environment={**os.environ, "SITE_URL": url},
            directory=settings.BASE_DIR,
            logs=logs,
        )
        started = supervisor.Supervisor(children).run(
            is_ready=lambda: answers(addresses[0]),
            when_ready=lambda: self.say(welcome(url)),
        )
        if not started:
            raise CommandError(f"The site did not start. The reason is in {logs / 'web.log'}")
        self.say("\nStopped.")


def wanted_port():
    """The port that PORT asks for."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT is {port!r}. Write a number from 1 to 65535, as in PORT=8001.")
    return int(port)


@contextmanager
def only_one(url):
    """Hold the demo's lock; give the address of the demo that holds it already, if one does."""
    with open(embedded.make_var_dir() / "demo.lock", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield file.read() or "it is just starting"
            return
        file.truncate(0)
        file.write(f"{url} (process {os.getpid()}; Ctrl-C there stops it)")
        file.flush()
        yield ""


def free_addresses(port):
    """Our two loopback addresses at this port, or a sentence when somebody else has one."""
    deadline = time.monotonic() + PORT_PATIENCE
    while True:
        taken, free = try_addresses(port)
        if not taken:
            return free
        if time.monotonic() > deadline:
            raise CommandError(
                f"Port {port} is taken by another program. Choose another one: "
                f"make demo PORT={port + 1}"
            )
        time.sleep(0.2)


def try_addresses(port):
    """Which of the loopback addresses this machine has are taken, and which are free."""
    taken, free = [], []
    for family, host in LOOPBACK.items():
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"Port {port} is only for root. Choose one from 1024.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                taken.append(host)
        else:
            free.append(f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}")
    return taken, free


def answers(address):
    """Whether the site says that it is alive."""
    try:
        connection = HTTPConnection(address, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def welcome(url):
    """The address and the accounts."""
    width = max(map(len, ACCOUNTS)) + len("@demo.footbridge.example")
    accounts = [
        f"  {f'{name}@demo.footbridge.example':<{width}}  {what.format(url=url)}"
        for name, what in ACCOUNTS.items()
    ]
    lines = ["", f"Footbridge is at {url}", "", *accounts, ""]
    return "\n".join([*lines, f"The password is {PASSWORD}", "Ctrl-C stops everything."])
