"""The servers of a local stack: the emulator, the edge in front of it, and the identity provider."""

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import urllib3

from local.aws import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from local.edge.settings import Settings
from local.errors import LocalError
from local.interpreter import make_interpreter
from local.processes import Process, is_running, spawn, stop, wait_until
from local.program import ROOT

START_SECONDS = 30
EMULATOR = "emulator"
EDGE = "edge"
PROVIDER = "provider"

# What an interpreter needs to start. Other variables of this machine must not reach the functions.
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


@contextlib.contextmanager
def bind_socket(port: int) -> Iterator[socket.socket]:
    """Bind ``port`` (0: any free one) on loopback while in the context. Raise LocalError if it is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        # Otherwise the port of a stack that just stopped would be in use for a minute.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalError(
                f"cannot use port {port} ({error.strerror}); choose another one: make up PORT=8081"
            ) from error
        yield listener


def start_emulator(directory: Path, port: int, region: str) -> Process:
    """Start MiniStack and wait until it answers.

    It enforces IAM, so a function can do only what its role allows. A function can import only its archive, boto3 and
    the standard library.
    """
    interpreter = make_interpreter(directory / "python")
    temporary = directory / "tmp"
    temporary.mkdir(exist_ok=True)
    process = spawn(
        [sys.executable, str(ROOT / "local" / "emulator.py"), str(interpreter)],
        env=_environment(directory)
        | {
            # Imports must not come from the folder of a script or from the current folder.
            "PYTHONSAFEPATH": "1",
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": region,
            # All files of the emulator are deleted with the directory.
            "S3_DATA_DIR": str(temporary),
            "STATE_DIR": str(temporary),
            "TMPDIR": str(temporary),
            # No other listeners, and no access to the containers of this machine.
            "DOCKER_HOST": "unix:///nonexistent",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        },
        log=directory / "emulator.log",
        cwd=directory,
    )
    with _stop_on_error(process):
        _wait_until_ready(process, lambda: _enforces_iam(port), directory / "emulator.log", "the emulator")
    return process


def start_edge(directory: Path, listener: socket.socket, settings: Settings) -> Process:
    """Start the edge on ``listener``, and wait until it answers."""
    file, log = directory / "edge.json", directory / "edge.log"
    settings.save(file)
    port = listener.getsockname()[1]
    process = spawn(
        [sys.executable, "-m", "local.edge", f"--socket={listener.fileno()}", f"--settings={file}"],
        env=_environment(directory),
        log=log,
        cwd=ROOT,
        pass_fds=[listener.fileno()],
    )
    with _stop_on_error(process):
        _wait_until_ready(process, lambda: _accepts(port), log, "the edge")
    return process


def start_provider(directory: Path, listener: socket.socket) -> Process:
    """Start the identity provider on ``listener`` and wait until it answers."""
    port = listener.getsockname()[1]
    log = directory / "provider.log"
    process = spawn(
        [sys.executable, "-m", "local.provider.server", f"--socket={listener.fileno()}"],
        env=_environment(directory),
        log=log,
        cwd=ROOT,
        pass_fds=[listener.fileno()],
    )
    with _stop_on_error(process):
        _wait_until_ready(process, lambda: _accepts(port), log, "the identity provider")
    return process


def find_free_port() -> int:
    with bind_socket(0) as listener:
        return int(listener.getsockname()[1])


def _environment(directory: Path) -> dict[str, str]:
    # HOME, so that the developer's AWS settings do not apply to the functions.
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | {"HOME": str(directory)}


@contextlib.contextmanager
def _stop_on_error(process: Process) -> Iterator[None]:
    try:
        yield
    except BaseException:
        stop(process)
        raise


def _wait_until_ready(process: Process, ready: Callable[[], bool], log: Path, what: str) -> None:
    """Wait until a server is ready. Raise LocalError with the last line of its log if it ends or takes too long."""
    if wait_until(lambda: ready() or not is_running(process), START_SECONDS) and is_running(process):
        return
    lines = log.read_text(errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "its log is empty")
    raise LocalError(f"{what} did not start: {last.strip()}")


def _enforces_iam(port: int) -> bool:
    """Return whether the emulator is up. The response also confirms that AUTH still enables IAM."""
    try:
        answer = urllib3.request("GET", f"http://127.0.0.1:{port}/_ministack/health", retries=False, timeout=2)
        return answer.status == HTTPStatus.OK and answer.json()["auth"] == "enabled"
    except urllib3.exceptions.HTTPError:
        return False


def _accepts(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
