"""Background processes that outlive the terminal and can be found again."""

import contextlib
import os
import signal
import subprocess  # nosec B404  # no call below goes through a shell
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

POLL_SECONDS = 0.05
STOP_SECONDS = 5
PROC = Path("/proc")

# If one process starts and stops a stack, as tests do, it must not leave zombies.
_children: dict[int, subprocess.Popen[bytes]] = {}


class Process(NamedTuple):
    """A process with its start time, which distinguishes it from a later one with the same pid."""

    pid: int
    started: str


def spawn(
    argv: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path, pass_fds: Sequence[int] = ()
) -> Process:
    """Start ``argv`` in a new session and append its output to ``log``."""
    with log.open("ab") as output:
        child = subprocess.Popen(  # nosec B603  # commands of this package, no shell
            argv,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    _children[child.pid] = child
    return Process(child.pid, start_time(child.pid) or "")


def start_time(pid: int) -> str | None:
    """Return when ``pid`` started, in a unit of the system, or ``None`` if there is no such live process."""
    status, started = _from_proc(pid) if PROC.exists() else _from_ps(pid)
    return started if started and not status.startswith("Z") else None


def _from_proc(pid: int) -> tuple[str, str]:
    """Return status and start in clock ticks since boot, which do not depend on the clock.

    The first thread of a killed process is a zombie (Z) before the others have ended, and these keep its port open.
    """
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return "", ""
    # The name of the command is in parentheses and may contain some, so count from the last one.
    fields = text.rpartition(")")[2].split()
    status, threads, started = fields[0], int(fields[17]), fields[19]
    return "ending" if status == "Z" and threads > 1 else status, started


def _from_ps(pid: int) -> tuple[str, str]:
    """Return status and start as a date, on systems without /proc."""
    found = subprocess.run(  # nosec B603  # a system program and a number
        ["/bin/ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    status, _, started = found.stdout.strip().partition(" ")
    return status, started.strip()


def is_running(process: Process) -> bool:
    """Return whether exactly this process is alive, and not another one with its pid."""
    child = _children.get(process.pid)
    if child is not None and child.poll() is not None:
        return False
    return process.started != "" and start_time(process.pid) == process.started


def stop(process: Process) -> None:
    """Kill the process and everything that it started. Do nothing if it has ended.

    SIGKILL, because these processes have nothing to save and idle connections would delay a graceful end.
    """
    if not is_running(process):
        return
    # It leads the process group of its session, which contains everything that it started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(process), STOP_SECONDS)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll ``condition`` for at most ``seconds``, and return whether it became true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
