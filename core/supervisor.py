"""The demo's own supervisor: web, worker and beat as children, none left when it ends."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Event

from core.embedded.processes import die_with_parent

STOP_PATIENCE = 15
START_PATIENCE = 90
LONGEST_PAUSE = 10


class Child:
    """One program in a session of its own, so that Ctrl-C reaches only the supervisor."""

    def __init__(self, name, command, *, environment, directory, log):
        self.name = name
        self.command = command
        self.environment = environment
        self.directory = directory
        self.log = log
        self.process = None
        self.failures = 0
        self.start_at = 0

    def start(self):
        """Run the program; its output goes to its log."""
        self.started = time.monotonic()
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.directory,
                env=self.environment,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def tend(self):
        """Start the program if it does not run, waiting longer each time it dies young."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.kill()  # its own children, if any are left
            young = now - self.started < LONGEST_PAUSE
            self.failures = self.failures + 1 if young else 0
            self.start_at = now + min(0.25 * 2**self.failures, LONGEST_PAUSE)
            self.process = None
        if self.process is None and now >= self.start_at:
            self.start()

    def ask_to_stop(self):
        """Ask the program to finish what it is doing and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline):
        """Wait for the end until the deadline, then make it the end."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0, deadline - time.monotonic()))
            self.kill()
            self.process.wait()

    def kill(self):
        """End the whole group of the program, whatever is left of it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Keeps its children running until a signal asks it to stop."""

    def __init__(self, children):
        self.children = children
        self.stopping = Event()

    def run(self, *, is_ready, when_ready):
        """Start all, say when they are ready, tend them, and leave none behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        deadline = time.monotonic() + START_PATIENCE
        ready = False
        try:
            while not self.stopping.wait(0.2):
                for child in self.children:
                    child.tend()
                if not ready and is_ready():
                    ready = True
                    when_ready()
                if not ready and time.monotonic() > deadline:
                    return False
        finally:
            self.stop()
        return True

    def stop(self):
        """Stop all children together."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_PATIENCE
        for child in self.children:
            child.wait(deadline)


def demo_children(*, addresses, environment, directory, logs):
    """Gunicorn, the Celery worker and beat, as the demo runs them."""
    binds = [part for address in addresses for part in ("--bind", address)]
    celery = ["celery", "--app", "config"]
    commands = {
        "web": [
            *["gunicorn", "config.wsgi", *binds, "--workers", "2", "--threads", "4"],
            *["--graceful-timeout", "10", "--timeout", "120", "--no-control-socket"],
        ],
        "worker": [
            *[*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
            *["--without-gossip", "--without-mingle"],
        ],
        "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "INFO"],
    }
    return [
        Child(
            name,
            [sys.executable, "-m", *command],
            environment={**environment, "REMAP_SIGTERM": "SIGQUIT"}
            if name == "worker"
            else environment,
            directory=directory,
            log=logs / f"{name}.log",
        )
        for name, command in commands.items()
    ]
