"""Starts, updates and stops a local stack."""

import contextlib
import functools
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from local import program
from local.aws import Aws
from local.deployment import Deployment
from local.edge.deployed import find_settings
from local.errors import LocalError
from local.processes import is_running, stop
from local.provider import client
from local.report import say
from local.servers import EDGE, EMULATOR, PROVIDER, bind_socket, find_free_port, start_edge, start_emulator
from local.state import State, lock

DEFAULT_DIRECTORY = program.ROOT / ".local"
DEFAULT_PORT = 8080
DEFAULT_REGION = "us-east-1"

# The configuration of a stack that listens on a port.
Configuration = Callable[[int], dict[str, str]]

_ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64", "amd64": "x86_64", "x86_64": "x86_64"}


def up(
    directory: Path,
    port: int | None = None,
    overrides: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> State:
    """Start the stack in ``directory``, or update the one that runs there.

    ``port`` is the port to listen on: 0 for any free one, ``None`` for the current port or 8080. ``settings`` take the
    place of those of the stack's file, and ``overrides`` override them. If a first start fails, nothing remains. If an
    update fails, the stack keeps running. Raise LocalError.
    """
    configuration = functools.partial(_load_config, overrides=overrides or {}, settings=settings)
    if directory.exists() and not State.exists(directory) and any(directory.iterdir()):
        raise LocalError(f"{directory} is not empty and has no local stack; choose another directory")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with lock(directory):
            state = State.load(directory)
            if state and _is_up(state):
                return _update(state, port, configuration)
            if state:
                say("The previous stack has ended; starting a new one")
                _take_down(state)
            if port is None:
                port = state.port if state else DEFAULT_PORT
            return _start(directory, port, configuration)
    finally:
        _remove_if_empty(directory)


def down(directory: Path) -> bool:
    """Stop the stack in ``directory`` and remove its files. Return whether there was one."""
    if not State.exists(directory):
        return False
    with lock(directory):
        state = State.load(directory)
        if state:
            _take_down(state)
    _remove_if_empty(directory)
    return True


def find_running(directory: Path) -> State:
    """Return the running stack in ``directory``. Raise LocalError if there is none."""
    state = State.load(directory)
    if state is None or not _is_up(state):
        raise LocalError("no local stack is running; start one with: make up")
    return state


def _start(directory: Path, port: int, configuration: Configuration) -> State:
    with bind_socket(port) as listener:
        port = listener.getsockname()[1]
        config = configuration(port)
        state = State(directory, port, find_free_port(), config.get("aws:region", DEFAULT_REGION))
        state.save()
        try:
            say("Starting the emulator")
            state.processes[EMULATOR] = start_emulator(directory, state.emulator_port, state.region)
            state.save()
            _deploy(state, config)
            _serve(state, listener)
        except BaseException:
            say("Stopping what was started")
            _take_down(state)
            raise
    return state


def _update(state: State, port: int | None, configuration: Configuration) -> State:
    if port not in (None, 0, state.port):
        raise LocalError(
            f"the stack in {state.directory} listens on port {state.port}; to change the port, run make down first"
        )
    config = configuration(state.port)
    if config.get("aws:region", DEFAULT_REGION) != state.region:
        raise LocalError(f"the running stack is in region {state.region}; to change it, run make down first")
    before = state.edge
    try:
        _deploy(state, config)
        if state.edge != before or not _is_up(state, EDGE):
            with _rebind_socket(state) as listener:
                _serve(state, listener)
    except LocalError as error:
        raise LocalError(f"{error}\nThe previous version of the stack is still running.") from error
    return state


def _deploy(state: State, config: dict[str, str]) -> None:
    config = client.ensure_provider(state, config)
    say("Applying the program")
    prefix = f"{program.project_name()}-{program.STACK}-"
    deployment = Deployment(Aws(state.emulator_port, state.region), state, prefix)
    exports = program.run(deployment, config)
    deployment.prune()
    missing = {"api_id", "stage_name"} - exports.keys()
    if missing:
        raise LocalError(f"the program does not export {', '.join(sorted(missing))}, which the edge needs")
    state.outputs = exports
    state.registration = program.setting(config, "registration")
    state.machines = program.setting(config, "machineClients")
    client.store_client_secret(state)
    state.edge = find_settings(state, program.setting(config, "edge"))
    state.save()
    say("  " + ", ".join(f"{count} {verb}" for verb, count in deployment.counts.items() if count))
    for line in deployment.left_out.lines():
        say(f"Left out {line}")


def _serve(state: State, listener: socket.socket) -> None:
    say(f"Starting the edge on port {state.port}")
    state.processes[EDGE] = start_edge(state.directory, listener, state.edge)
    state.save()


@contextlib.contextmanager
def _rebind_socket(state: State) -> Iterator[socket.socket]:
    if EDGE in state.processes:
        stop(state.processes[EDGE])
    with bind_socket(state.port) as listener:
        yield listener


def settings_of_machine() -> dict[str, str]:
    """Return the settings with which functions run on this machine. Raise LocalError if they cannot."""
    machine = platform.machine().lower()
    if machine not in _ARCHITECTURES:
        raise LocalError(f"Lambda supports arm64 and x86_64, but this machine has {machine}")
    return {
        "architecture": _ARCHITECTURES[machine],
        "pythonVersion": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


def _load_config(port: int, overrides: Mapping[str, str], settings: Mapping[str, Any] | None) -> dict[str, str]:
    here = {"edge": "cloudfront", "publicUrl": f"http://localhost:{port}"} | settings_of_machine()
    config = program.load_config(here | dict(overrides), settings)
    # With an identity provider, machine clients would need an initial access token. The printed commands need none:
    # nobody else can reach this stack.
    return {f"{program.project_name()}:machineClients": "open"} | config


def _is_up(state: State, server: str = EMULATOR) -> bool:
    return server in state.processes and is_running(state.processes[server])


def _take_down(state: State) -> None:
    """Stop the servers, the edge first so that no request misses the emulator, and empty the directory."""
    for server in (EDGE, PROVIDER, EMULATOR):
        if server in state.processes:
            stop(state.processes[server])
    for path in state.directory.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _remove_if_empty(directory: Path) -> None:
    with contextlib.suppress(OSError):
        directory.rmdir()
