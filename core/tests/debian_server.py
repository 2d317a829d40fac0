"""Run the tests on Debian's own PostgreSQL: `python -m core.tests.debian_server [pytest's words]`.

The cluster is a new one in a temporary directory, reached by its socket alone; the tests are given
an ordinary role that may make databases, as a site's administrator would give it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from core.embedded.processes import die_with_parent

PATIENCE = 30
MISSING = "Debian's PostgreSQL is not here. On Debian: apt-get install postgresql"
ROLE = "footbridge"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
}


def programs():
    """The newest PostgreSQL that Debian's packages have put here."""
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(found, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        sys.exit(MISSING)
    return newest.parent


def server_user():
    """Who runs the server, in Popen's words: PostgreSQL refuses to be run by root."""
    if os.getuid():
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        sys.exit(MISSING)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def running(home):
    """Start a new cluster in the directory `home`, and end it in the end."""
    user, bin = server_user(), programs()
    if user:
        os.chown(home, user["user"], user["group"])
    data = home / "data"
    made = [bin / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"]
    made += ["--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd="/", **user)
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [bin / "postgres", "-D", data, "-k", home, *options],
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
            **user,
        )
    try:
        wait_for(bin, home, server)
        psql = [bin / "psql", "-h", home, "-U", "postgres", "-d", "postgres", "-qc"]
        subprocess.run([*psql, f"CREATE ROLE {ROLE} LOGIN CREATEDB"], check=True)
        subprocess.run([*psql, f"CREATE DATABASE {ROLE} OWNER {ROLE}"], check=True)
        yield f"postgresql://{ROLE}@/{ROLE}?host={home}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE)


def wait_for(bin, home, server):
    """Return once the server answers; where it does not, say what it wrote and stop."""
    deadline = time.monotonic() + PATIENCE
    while subprocess.run([bin / "pg_isready", "-q", "-h", home], check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit((home / "log").read_text())
        time.sleep(0.1)


def main(words):
    """Run pytest with `words` on such a server; returns its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    home = Path(tempfile.mkdtemp(prefix="footbridge-debian-"))
    try:
        with running(home) as url:
            command = [sys.executable, "-m", "pytest", *words]
            environment = {**os.environ, "DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
