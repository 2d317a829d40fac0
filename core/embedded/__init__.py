"""PostgreSQL and Redis without installation: started on first use, stopped when nobody is left.

Every process that calls `ensure` holds a shared lock on `var/users.lock` for its whole life.
A keeper process (`core.embedded.keeper`) runs the servers for as long as anybody holds it.
"""

import fcntl
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress

from core.embedded import places
from core.embedded.places import EmbeddedError, make_var_dir, var_dir

__all__ = ["EmbeddedError", "ensure", "make_var_dir", "var_dir"]
ROLE = "footbridge"
ALREADY_KEPT = 75
PATIENCE = 120
LOG_LIMIT = 5_000_000

_users_lock = None
_joining = threading.Lock()


def kept_secret():
    """A random secret of this checkout, made once however many processes ask for it at once."""
    path = make_var_dir() / "secret"
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()


def database_settings():
    """What Django's DATABASES needs for the embedded PostgreSQL."""
    return {
        "NAME": ROLE,
        "USER": ROLE,
        "HOST": str(places.run_dir()),
        "PORT": "5432",
        "EMBEDDED": True,
    }


def redis_cache_url():
    """The address of the embedded Redis for Django's cache."""
    return f"unix://{places.redis_socket()}?db=1"


def redis_broker_url():
    """The address of the embedded Redis for Celery."""
    return f"redis+socket://{places.redis_socket()}?virtual_host=0"


def whereabouts():
    """A sentence on where the data is when it cannot be under `var`, else nothing."""
    if places.servers_dir() == var_dir():
        return ""
    return (
        f"{var_dir()} is closed to the user that PostgreSQL runs as, "
        f"so its data and programs are kept in {places.servers_dir()}."
    )


def ensure():
    """Take a share in the servers and return when those that are needed answer."""
    needed = _needed()
    if not needed:
        return
    _join()
    if _all_answer(needed):
        return
    with _locked("start.lock"):
        if not _all_answer(needed):
            _start(needed)


def _needed():
    addresses = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return {name for name, variable in addresses.items() if not os.environ.get(variable)}


def _join():
    global _users_lock
    with _joining:
        if _users_lock is None:
            handle = _open(make_var_dir() / "users.lock")
            fcntl.flock(handle, fcntl.LOCK_SH)  # waits for a keeper that is just stopping
            _users_lock = handle


def _open(path):
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(name):
    handle = _open(var_dir() / name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _start(needed):
    if places.servers_dir() != var_dir():
        sys.stderr.write(f"{whereabouts()}\n")
    deadline = time.monotonic() + PATIENCE
    keeper = None
    while not _all_answer(needed):
        for name in needed:  # each time round: a keeper that stops takes these away
            (var_dir() / f"wanted-{name}").touch()
        if keeper is None or keeper.poll() == ALREADY_KEPT:
            keeper = _spawn_keeper()
        elif keeper.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedError(f"The embedded servers did not start.\n{_end_of_log()}")
        time.sleep(0.02)
    if keeper is not None:  # None where the servers came up between two looks
        keeper.returncode = 0  # it lives on by itself: no ResourceWarning when this object goes


def _spawn_keeper():
    log = var_dir() / "keeper.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "core.embedded.keeper"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            env={**os.environ, "FOOTBRIDGE_VAR": str(var_dir()), "PYTHONPATH": str(places.BASE)},
            start_new_session=True,
        )


def _end_of_log():
    log = var_dir() / "keeper.log"
    lines = log.read_text(errors="replace").splitlines()[-8:]
    return "\n".join([*lines, f"(the end of {log})"])


def _all_answer(needed):
    answers = {"postgres": postgres_answers, "redis": redis_answers}
    return all(answers[name]() for name in needed)


def postgres_answers(role=ROLE, database=ROLE):
    """Whether PostgreSQL lets this role into this database: a socket alone proves nothing."""
    body = f"\0\3\0\0user\0{role}\0database\0{database}\0\0".encode()
    packet = (len(body) + 4).to_bytes(4, "big") + body
    ready, full = b"Z\0\0\0\5I", b"C53300\0"  # a server with no connection to spare is there too
    return _talk(
        places.postgres_socket(),
        packet,
        until=lambda heard: heard.endswith(ready) or full in heard,
        goodbye=b"X\0\0\0\4",
    )


def redis_answers():
    """Whether Redis serves commands."""
    return _talk(
        places.redis_socket(),
        b"PING\r\n",
        until=lambda heard: heard == b"+PONG\r\n",
        goodbye=b"QUIT\r\n",
    )


def _talk(path, say, *, until, goodbye):
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        line.connect(str(path))
        line.sendall(say)
        heard = b""
        while not until(heard):
            piece = line.recv(4096)
            if not piece:
                return False
            heard += piece
        line.sendall(goodbye)
        return True
    return False
