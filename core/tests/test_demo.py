"""The demo's supervisor, with a real web server, worker and beat."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from core.embedded.processes import command_line
from core.tests.running import (
    PATIENCE,
    ROOT,
    environment,
    make_home,
    processes,
    remove_home,
    wait_until,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def var():
    path = make_home()
    yield path
    remove_home(path)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(var, port):
    return subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "demo", "--no-seed"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env=environment(var, FOOTBRIDGE_DEMO="1", PORT=str(port)),
    )


@contextmanager
def demo(var, port):
    """A demo that has said its address, and what it said."""
    process = start(var, port)
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        assert said[-1].startswith("Ctrl-C"), "".join(said)
        yield process, "".join(said)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(process):
    """The programs that the supervisor runs, by the word that tells them apart."""
    pids = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
    lines = {int(pid): command_line(pid).split("\0") for pid in pids.stdout.split()}
    names = ("gunicorn", "worker", "beat")
    return {name: pid for name in names for pid, line in lines.items() if name in line}


def status(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


@pytest.mark.long
def test_one_demo_runs_and_ctrl_c_ends_all_of_it(var, port):
    with demo(var, port) as (process, said):
        assert f"Footbridge is at http://localhost:{port}\n" in said
        wait_until(lambda: status(port) == 200)

        second = start(var, port)
        answer, _ = second.communicate(timeout=PATIENCE)
        assert answer.startswith(f"The demo is running already: http://localhost:{port}")
        assert second.returncode == 0

        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0

    wait_until(lambda: not processes(var))


@pytest.mark.long
def test_a_killed_child_is_started_again_and_a_killed_supervisor_leaves_none(var, port):
    with demo(var, port) as (process, _):
        before = wait_until(lambda: len(children(process)) == 3 and children(process))
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: len(set(children(process).values()) - set(before.values())) == 3)
        wait_until(lambda: status(port) == 200)

        process.kill()

    wait_until(lambda: not processes(var))


def test_a_taken_port_is_said_with_what_to_do(var, port):
    with socket.create_server(("127.0.0.1", port)):
        process = start(var, port)
        said, _ = process.communicate(timeout=PATIENCE)

    assert said == (
        f"CommandError: Port {port} is taken by another program. "
        f"Choose another one: make demo PORT={port + 1}\n"
    )
    assert process.returncode == 1
