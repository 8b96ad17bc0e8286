"""Tests of background processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.processes import PROC, Process, is_running, spawn, start_time, stop, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# The first thread ends, another one stays.
OTHER_THREAD = [
    sys.executable,
    "-c",
    """
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
ctypes.CDLL(None).pthread_exit(None)
""",
]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); time.sleep(60)",
]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def begin(argv: list[str], log: Path) -> Process:
    return spawn(argv, env={}, log=log, cwd=log.parent)


def test_a_process_with_the_pid_but_another_start_is_a_stranger_and_is_left_alone(log: Path) -> None:
    process = begin(SLEEP, log)
    stranger = process._replace(started="another time")
    assert not is_running(stranger)
    stop(stranger)
    assert is_running(process)
    stop(process)
    assert not is_running(process)


@pytest.mark.skipif(not PROC.exists(), reason="elsewhere, ps does not tell threads apart")
def test_a_process_runs_until_its_last_thread_has_ended(log: Path) -> None:
    process = begin(OTHER_THREAD, log)
    assert wait_until(lambda: (PROC / str(process.pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z", 10)
    assert start_time(process.pid) == process.started
    stop(process)
    assert start_time(process.pid) is None


def test_stopping_ends_what_the_process_started_too(log: Path) -> None:
    process = begin([*PARENT, *SLEEP], log)
    assert wait_until(lambda: log.read_text().endswith("\n"), 5)
    child = int(log.read_text())
    assert start_time(child)
    stop(process)
    assert wait_until(lambda: start_time(child) is None, 5)


def test_a_process_that_has_ended_is_not_running_even_before_it_is_reaped() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        assert wait_until(lambda: start_time(child.pid) is None, 5)


def test_stopping_what_is_gone_does_nothing(log: Path) -> None:
    process = begin([sys.executable, "-c", ""], log)
    assert wait_until(lambda: not is_running(process), 5)
    stop(process)


def test_a_process_is_in_a_session_of_its_own_so_that_it_outlives_the_terminal(log: Path) -> None:
    process = begin(SLEEP, log)
    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    stop(process)
