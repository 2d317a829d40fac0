"""Real processes for the tests of the embedded servers and of the demo."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
USER = """
import sys
from core import embedded
from core.embedded import places
for line in sys.stdin:
    embedded.ensure()
    print(places.run_dir(), flush=True)
"""


def wait_until(condition):
    """Ask again and again until the condition holds; fail at the deadline."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{condition.__name__} did not come about"
        time.sleep(0.02)
    return answer


def make_home(name="var"):
    """A new directory that the servers' user can pass through, and `var` in it."""
    parent = Path(tempfile.mkdtemp(prefix="footbridge-test-"))
    parent.chmod(0o755)
    return parent / name


def remove_home(var):
    """End whatever still runs there and take the directory away."""
    for pid in processes(var):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes(var))
    shutil.rmtree(var.parent)


def environment(var, **more):
    """The environment of a process that uses this directory."""
    ours = {"FOOTBRIDGE_VAR": str(var), "FOOTBRIDGE_LINGER": "0.2", "FOOTBRIDGE_DURABLE": "0"}
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return {**kept, **ours, "PYTHONPATH": str(ROOT), **more}


def processes(var):
    """Every running process that belongs to this directory."""
    return {int(path.name) for path in Path("/proc").glob("[0-9]*") if _belongs(path, str(var))}


def _belongs(path, var):
    try:
        if path.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        arguments = path.joinpath("cmdline").read_bytes().decode(errors="replace").split("\0")
        variables = path.joinpath("environ").read_bytes().decode(errors="replace").split("\0")
        here = os.readlink(path / "cwd")
    except OSError:
        return False
    named = any(part == var or part.startswith(f"{var}/") for part in [*arguments, here])
    return named or f"FOOTBRIDGE_VAR={var}" in variables


class User:
    """A process that uses the servers for as long as it lives."""

    def __init__(self, var, **more):
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env=environment(var, **more),
        )
        self.ask()

    def ask(self):
        """Let the process make sure of the servers."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def answer(self):
        """Where the sockets are, once the servers answer; else what the process complained of."""
        line = self.process.stdout.readline().strip()
        assert line, self.process.stderr.read()
        return Path(line)

    def end(self):
        """Let the process go, and give what it complained of."""
        _, complaint = self.process.communicate(timeout=PATIENCE)
        return complaint

    def kill(self):
        """What `kill -9` does."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


@contextmanager
def user(var, **more):
    """One such process and where the sockets are."""
    one = User(var, **more)
    try:
        yield one, one.answer()
    finally:
        one.kill()
