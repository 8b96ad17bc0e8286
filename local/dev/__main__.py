"""Serve the app on this machine and take each change as it is saved: ``python -m local.dev``."""

import argparse
import asyncio
import contextlib
import secrets
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Final

from dotenv import dotenv_values

from local import examples
from local.dev.order import Order
from local.dev.supervisor import Supervisor
from local.errors import LocalError
from local.program import ROOT, STACK, project_name, read_stack_file, setting
from local.report import fail, say

DEFAULT_PORT: Final = 8000


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted, and return the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        settings = examples.settings_of(arguments.example) if arguments.example else read_stack_file(STACK)
        listener = _listen(arguments.port)
    except LocalError as error:
        fail(str(error))
        return 1
    order = _order(arguments, settings, listener.getsockname()[1])
    environment_file = arguments.env_file.resolve()
    say(_instructions(order, environment_file))
    supervisor = Supervisor(order, listener, ROOT, lambda: _read_environment(environment_file))
    with listener, contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_run(supervisor, environment_file))
    return 0


async def _run(supervisor: Supervisor, environment_file: Path) -> None:
    running = asyncio.create_task(supervisor.run(environment_file))

    def stop() -> None:
        # make passes on what the terminal has sent already, and the end must not be interrupted.
        if not running.cancelling():
            running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await running


def _order(arguments: argparse.Namespace, settings: dict[str, Any], port: int) -> Order:
    own = {key: str(value) for key, value in settings.items() if key.startswith(f"{project_name()}:app")}
    directory = arguments.directory or setting(own, "appDirectory")
    return Order(
        module=arguments.module or str(setting(own, "appModule")),
        directory=None if directory is None else str((ROOT / directory).resolve()),
        port=port,
        subject=arguments.subject,
        scopes=None if arguments.scopes is None else tuple(arguments.scopes.split()),
        key=secrets.token_hex(32),
    )


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on this machine alone. Raise LocalError if the port is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise LocalError(f"port {port} is taken; choose another one with PORT=8001") from error
    listener.listen(128)
    return listener


def _read_environment(file: Path) -> dict[str, str]:
    """Return the variables in a file of lines NAME=value; none without the file."""
    return {name: value for name, value in dotenv_values(file, interpolate=False).items() if value is not None}


def _instructions(order: Order, environment_file: Path) -> str:
    lines = [f"MCP URL  {order.url}   (no login; every caller is {order.subject})"]
    if environment_file.exists():
        lines.append(f"Environment variables and secrets come from {environment_file}.")
    lines.append(
        f"curl -sS {order.url} -H 'Content-Type: application/json' \\\n"
        """  -H 'Accept: application/json, text/event-stream' \\\n"""
        """  -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'"""
    )
    return "\n\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.dev", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"0 for any free port [{DEFAULT_PORT}]")
    parser.add_argument("--example", help="the example to serve: " + ", ".join(examples.names()))
    parser.add_argument("--module", help="the module that defines the app [appModule of Pulumi.dev.yaml]")
    parser.add_argument("--directory", help="the folder in the place of runtime/app [appDirectory of Pulumi.dev.yaml]")
    parser.add_argument("--subject", default="developer", help="who calls [developer]")
    parser.add_argument("--scopes", help="the scopes of the caller, separated by spaces [all that the app names]")
    parser.add_argument("--env-file", type=Path, default=ROOT / ".env", help="variables and secrets, NAME=value [.env]")
    return parser


if __name__ == "__main__":
    sys.exit(main())
