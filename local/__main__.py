"""Run the stack on this machine: ``python -m local``."""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from admin import __main__ as admin
from local import examples, stack
from local.app_secrets import secrets_without_value
from local.aws import Aws, forget_environment
from local.calls import Caller, text_of
from local.errors import LocalError
from local.instructions import example_instructions, instructions, secret_instructions
from local.interruption import REQUESTED, handle_signals
from local.logs import tail
from local.report import fail, say
from local.state import State

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = _parser().parse_args(argv)
    forget_environment()
    handle_signals()
    try:
        return _COMMANDS[arguments.command](arguments)
    except LocalError as error:
        fail(str(error))
        return INTERRUPTED if REQUESTED.is_set() else 1
    except (KeyboardInterrupt, BrokenPipeError):
        return INTERRUPTED
    finally:
        # The interpreter flushes again when it exits, and would report a broken pipe.
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()


def _up(arguments: argparse.Namespace) -> int:
    overrides = dict(setting.split("=", 1) for setting in arguments.config)
    if arguments.example:
        return _up_example(arguments, overrides)
    state = stack.up(arguments.dir, arguments.port, overrides)
    say(instructions(state))
    _tell_secrets(state)
    return 0


def _up_example(arguments: argparse.Namespace, overrides: Mapping[str, str]) -> int:
    """Start the stack with the app of an example, and show its tools."""
    settings = examples.settings_of(arguments.example)
    state = stack.up(arguments.dir, arguments.port, overrides, settings)
    say(example_instructions(state, arguments.example, Caller(state).list_tools()))
    _tell_secrets(state)
    return 0


def _tell_secrets(state: State) -> None:
    if names := secrets_without_value(state):
        say(secret_instructions(state, names))


def _down(arguments: argparse.Namespace) -> int:
    say("The local stack is down." if stack.down(arguments.dir) else "No local stack is running.")
    return 0


def _logs(arguments: argparse.Namespace) -> int:
    # The user stops following with an interrupt.
    with contextlib.suppress(KeyboardInterrupt):
        tail(stack.find_running(arguments.dir), follow=arguments.follow)
    return 0


def _output(arguments: argparse.Namespace) -> int:
    """Print the outputs like ``pulumi stack output``: as a table, one bare value, or JSON."""
    outputs = stack.find_running(arguments.dir).outputs
    if arguments.name is not None and arguments.name not in outputs:
        raise LocalError(f"the stack has no output {arguments.name}; its outputs are {', '.join(sorted(outputs))}")
    if arguments.json:
        say(json.dumps(outputs if arguments.name is None else outputs[arguments.name], indent=2, sort_keys=True))
    elif arguments.name is not None:
        say(_text(outputs[arguments.name]))
    else:
        width = max(len(name) for name in ["OUTPUT", *outputs]) + 2
        say(f"Current stack outputs ({len(outputs)}):")
        for name, value in [("OUTPUT", "VALUE"), *sorted(outputs.items())]:
            say(f"    {name:<{width}}{_text(value)}")
    return 0


def _call(arguments: argparse.Namespace) -> int:
    """Print the result of a tool, and return 1 if the tool says that it failed."""
    result = Caller(stack.find_running(arguments.dir)).call_tool(arguments.tool, arguments.arguments)
    say(text_of(result))
    return int(result.get("isError", False))


def _admin(arguments: argparse.Namespace) -> int:
    """Run ``python -m admin`` on what the outputs of this stack name."""
    state = stack.find_running(arguments.dir)
    os.environ |= Aws(state.emulator_port, state.region).environment()
    return admin.main(arguments.arguments, state.outputs)


_COMMANDS = {"up": _up, "down": _down, "logs": _logs, "output": _output, "call": _call, "admin": _admin}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _setting(text: str) -> str:
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form KEY=VALUE")
    return text


def _arguments(text: str) -> dict[str, Any]:
    try:
        arguments = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not JSON: {error}") from error
    if not isinstance(arguments, dict):
        raise argparse.ArgumentTypeError(f"{text!r} is not a JSON object")
    return arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--dir", type=Path, default=stack.DEFAULT_DIRECTORY, help="the directory of the stack [.local]")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start the stack, or update the running one")
    up.add_argument("--port", type=int, help=f"the port to listen on, 0 for any free port [{stack.DEFAULT_PORT}]")
    up.add_argument("--example", help="the example to serve: " + ", ".join(examples.names()))
    up.add_argument(
        "-c",
        "--config",
        type=_setting,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a configuration value that overrides Pulumi.dev.yaml",
    )
    commands.add_parser("down", help="stop the stack and remove everything it stored")
    logs = commands.add_parser("logs", help="print the logs of the functions and the audit log")
    logs.add_argument("-f", "--follow", action="store_true", help="continue until interrupted")
    output = commands.add_parser("output", help="print the outputs, like pulumi stack output")
    output.add_argument("-j", "--json", action="store_true", help="print JSON")
    output.add_argument("name", nargs="?", help="print only this output")
    call = commands.add_parser("call", help="call a tool as a machine client, and print its result")
    call.add_argument("tool", help="the name of the tool")
    call.add_argument("arguments", nargs="?", type=_arguments, default={}, help="its arguments, as a JSON object [{}]")
    administration = commands.add_parser("admin", help="run python -m admin on this stack")
    administration.add_argument("arguments", nargs=argparse.REMAINDER, help="the arguments of python -m admin")
    return parser


if __name__ == "__main__":
    sys.exit(main())
