"""Bringing a local stack up, changing it and taking it down."""

import contextlib
import platform
import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from local import program
from local.aws import Aws
from local.deployment import Deployment
from local.errors import LocalError
from local.processes import is_running, stop
from local.provider import client
from local.report import say
from local.servers import EDGE, EMULATOR, PROVIDER, bound_socket, free_port, start_edge, start_emulator
from local.state import State, locked

DEFAULT_DIRECTORY = program.ROOT / ".local"
DEFAULT_PORT = 8080
DEFAULT_REGION = "us-east-1"

_ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64", "amd64": "x86_64", "x86_64": "x86_64"}


def up(directory: Path, port: int | None = None, overrides: Mapping[str, str] | None = None) -> State:
    """Start the stack in ``directory``, or update the one that runs there.

    ``port`` is where it listens: 0 for any free one, ``None`` for where it already does, else 8080. ``overrides`` are
    configuration values that win over those of the stack's file. A first start that fails leaves nothing behind; an
    update that fails leaves the stack running. Raises LocalError.
    """
    if directory.exists() and not State.exists(directory) and any(directory.iterdir()):
        raise LocalError(f"{directory} holds something else than a local stack; choose another directory")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with locked(directory):
            state = State.load(directory)
            if state and _is_up(state):
                return _update(state, port, overrides or {})
            if state:
                say("What ran here before has ended; starting afresh")
                _take_down(state)
            if port is None:
                port = state.port if state else DEFAULT_PORT
            return _start(directory, port, overrides or {})
    finally:
        _remove_if_empty(directory)


def down(directory: Path) -> bool:
    """Stop the stack in ``directory`` and remove everything of it; whether there was one."""
    if not State.exists(directory):
        return False
    with locked(directory):
        state = State.load(directory)
        if state:
            _take_down(state)
    _remove_if_empty(directory)
    return True


def running(directory: Path) -> State:
    """The stack in ``directory``. Raises LocalError when none runs there."""
    state = State.load(directory)
    if state is None or not _is_up(state):
        raise LocalError("no local stack is running; start one with: make up")
    return state


def _start(directory: Path, port: int, overrides: Mapping[str, str]) -> State:
    with bound_socket(port) as listener:
        port = listener.getsockname()[1]
        config = _config(port, overrides)
        state = State(directory, port, free_port(), config.get("aws:region", DEFAULT_REGION))
        state.save()
        try:
            say("Starting the emulator")
            state.processes[EMULATOR] = start_emulator(directory, state.emulator_port, state.region)
            state.save()
            _deploy(state, config)
            _serve(state, listener)
        except BaseException:
            say("Taking down what was started")
            _take_down(state)
            raise
    return state


def _update(state: State, port: int | None, overrides: Mapping[str, str]) -> State:
    if port not in (None, 0, state.port):
        raise LocalError(f"the stack in {state.directory} listens on port {state.port}; to move it, take it down first")
    config = _config(state.port, overrides)
    if config.get("aws:region", DEFAULT_REGION) != state.region:
        raise LocalError(f"the running stack lives in region {state.region}; to move it, take it down first")
    before = state.target
    try:
        _deploy(state, config)
        if state.target != before or not _is_up(state, EDGE):
            with _rebound_socket(state) as listener:
                _serve(state, listener)
    except LocalError as error:
        raise LocalError(f"{error}\nThe stack that was running is still running.") from error
    return state


def _deploy(state: State, config: dict[str, str]) -> None:
    config = client.provide(state, config)
    say("Applying the program")
    deployment = Deployment(Aws(state.emulator_port, state.region), state)
    exports = program.run(deployment, config)
    deployment.prune()
    missing = {"api_id", "stage_name"} - exports.keys()
    if missing:
        raise LocalError(f"the program does not export {', '.join(sorted(missing))}, which the proxy needs")
    state.outputs = exports
    state.registration = program.setting(config, "registration")
    state.machines = program.setting(config, "machineClients")
    client.hand_over_secret(state)
    state.target = f"{exports['api_id']}/{exports['stage_name']}"
    state.save()
    say("  " + ", ".join(f"{count} {verb}" for verb, count in deployment.counts.items() if count))


def _serve(state: State, listener: socket.socket) -> None:
    say(f"Starting the proxy on port {state.port}")
    state.processes[EDGE] = start_edge(state.directory, listener, state.emulator_port, state.target)
    state.save()


@contextlib.contextmanager
def _rebound_socket(state: State) -> Iterator[socket.socket]:
    if EDGE in state.processes:
        stop(state.processes[EDGE])
    with bound_socket(state.port) as listener:
        yield listener


def _config(port: int, overrides: Mapping[str, str]) -> dict[str, str]:
    machine = platform.machine().lower()
    if machine not in _ARCHITECTURES:
        raise LocalError(f"Lambda runs on arm64 and x86_64, not on this machine's {machine}")
    here = {"publicUrl": f"http://localhost:{port}", "architecture": _ARCHITECTURES[machine]}
    config = program.load_config(here | dict(overrides))
    # It has an identity provider, so machines would need an invitation. The commands that are printed do without, and
    # say so: nobody else reaches this stack.
    return {f"{program.project_name()}:machineClients": "open"} | config


def _is_up(state: State, server: str = EMULATOR) -> bool:
    return server in state.processes and is_running(state.processes[server])


def _take_down(state: State) -> None:
    """Stop the servers, the edge first so that no request meets a missing emulator, and empty the directory."""
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
