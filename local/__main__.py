"""``python -m local``: the stack on this machine."""

import argparse
import contextlib
import json
import os
import shutil
import sys
from pathlib import Path

from admin import __main__ as admin
from local import stack
from local.aws import Aws, forget_environment
from local.errors import LocalError
from local.interruption import REQUESTED, handle_signals
from local.logs import tail
from local.report import fail, say
from local.state import State

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit status."""
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
        # The interpreter flushes once more at its end, and would complain that nobody reads.
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()


def _up(arguments: argparse.Namespace) -> int:
    overrides = dict(setting.split("=", 1) for setting in arguments.config)
    state = stack.up(arguments.dir, arguments.port, overrides)
    _show(state)
    return 0


def _down(arguments: argparse.Namespace) -> int:
    say("The local stack is down." if stack.down(arguments.dir) else "No local stack is running.")
    return 0


def _logs(arguments: argparse.Namespace) -> int:
    # Interrupting is how one stops following.
    with contextlib.suppress(KeyboardInterrupt):
        tail(stack.running(arguments.dir), follow=arguments.follow)
    return 0


def _output(arguments: argparse.Namespace) -> int:
    """As ``pulumi stack output``: a table, one bare value, or either as JSON."""
    outputs = stack.running(arguments.dir).outputs
    if arguments.name is not None and arguments.name not in outputs:
        raise LocalError(f"the stack has no output {arguments.name}; it has {', '.join(sorted(outputs))}")
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


def _admin(arguments: argparse.Namespace) -> int:
    """``python -m admin`` on the table and the audit log of this stack."""
    state = stack.running(arguments.dir)
    os.environ |= Aws(state.emulator_port, state.region).environment()
    named = ["--table", state.outputs["table_name"], "--audit-log", state.outputs["audit_log"]]
    return admin.main([*named, *arguments.arguments])


_COMMANDS = {"up": _up, "down": _down, "logs": _logs, "output": _output, "admin": _admin}


def _show(state: State) -> None:
    """The addresses of the stack and three commands that work when pasted, in any POSIX shell."""
    issuer, mcp_url = state.outputs["issuer"], state.outputs["mcp_url"]
    register = (
        f"CLIENT=$(curl -sS -X POST {state.outputs['registration_url']} -H 'Content-Type: application/json' \\\n"
        """  -d '{"client_name":"curl","grant_types":["client_credentials"]}')"""
    )
    token = (
        f"TOKEN=$(curl -sS -X POST {issuer}/token -d grant_type=client_credentials -d resource={mcp_url} \\\n"
        """  -u "$(printf %s "$CLIENT" | jq -r '.client_id + ":" + .client_secret')" | jq -r .access_token)"""
    )
    call = (
        f"curl -sS {mcp_url} -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"
        "  -H 'Accept: application/json, text/event-stream' \\\n"
        """  -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{}}}' | jq"""
    )
    say(f"\nMCP URL  {mcp_url}\nIssuer   {issuer}\n")
    say("Register a client, get a token, call a tool:\n")
    say(f"{register}\n\n{token}\n\n{call}")
    missing = [tool for tool in ("curl", "jq") if shutil.which(tool) is None]
    if missing:
        say(f"\n(These need {' and '.join(missing)}, which this machine does not have.)")


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _setting(text: str) -> str:
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form KEY=VALUE")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--dir", type=Path, default=stack.DEFAULT_DIRECTORY, help="where the stack lives [.local]")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start the stack, or update the running one")
    up.add_argument("--port", type=int, help=f"where it listens, 0 for any free port [{stack.DEFAULT_PORT}]")
    up.add_argument(
        "-c",
        "--config",
        type=_setting,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a configuration value that wins over Pulumi.dev.yaml",
    )
    commands.add_parser("down", help="stop it and leave nothing behind")
    logs = commands.add_parser("logs", help="what its functions log")
    logs.add_argument("-f", "--follow", action="store_true", help="go on until interrupted")
    output = commands.add_parser("output", help="its outputs, as pulumi stack output")
    output.add_argument("-j", "--json", action="store_true", help="as JSON")
    output.add_argument("name", nargs="?", help="only this one")
    administration = commands.add_parser("admin", help="python -m admin, on this stack")
    administration.add_argument("arguments", nargs=argparse.REMAINDER, help="what to do")
    return parser


if __name__ == "__main__":
    sys.exit(main())
