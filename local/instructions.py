"""Instructions for a running stack: its URLs, and commands to paste into any POSIX shell."""

import json
import shlex
import shutil
import sys
from collections.abc import Sequence
from typing import Any

from local.calls import sample
from local.provider import client
from local.state import State


def instructions(state: State) -> str:
    """Return the URLs, the user who can sign in, and commands that get a token and list the tools."""
    parts = [_addresses(state)]
    if state.registration == "closed":
        parts.append("No client can register, because registration is closed.")
    elif state.machines == "closed":
        parts.append("Machine clients cannot register, because machineClients is closed. Connect a client and sign in.")
    else:
        parts += ["Register a client, get a token, list the tools:", *_commands(state), _reason(state)]
    missing = [tool for tool in ("curl", "jq") if shutil.which(tool) is None]
    if missing:
        parts.append(f"(These commands need {' and '.join(missing)}. Install it first.)")
    return "\n" + "\n\n".join(parts)


def example_instructions(state: State, example: str, tools: Sequence[dict[str, Any]]) -> str:
    """Return the URLs, the ``tools`` that the example offers, and a command that calls the first one."""
    width = max((len(tool["name"]) for tool in tools), default=0)
    listed = [f"  {tool['name']:<{width}}  {tool['description'].splitlines()[0]}" for tool in tools]
    parts = [_addresses(state), "\n".join([f"Tools of examples/{example}:", *listed])]
    if tools:
        arguments = json.dumps(sample(tools[0]["inputSchema"]), ensure_ascii=False)
        command = [*_command(state), "call", tools[0]["name"], arguments]
        parts.append(f"Call one:\n\n{shlex.join(command)}")
    return "\n" + "\n\n".join(parts)


def secret_instructions(state: State, names: Sequence[str]) -> str:
    """Return how to set the secrets of the tools that have no value."""
    lines = [shlex.join([*_command(state), "admin", "set-secret", name]) for name in names]
    return "\n".join(["\nThe tools that need these secrets fail until you set them:", "", *lines])


def _command(state: State) -> list[str]:
    return [sys.executable, "-m", "local", f"--dir={state.directory.resolve()}"]


def _addresses(state: State) -> str:
    lines = [f"MCP URL  {state.outputs['mcp_url']}", f"Issuer   {state.outputs['issuer']}"]
    if credentials := client.credentials(state):
        lines.append(f"Sign in  as {credentials}")
    return "\n".join(lines)


def _needs_token(state: State) -> bool:
    return "token" in {state.registration, state.machines}


def _reason(state: State) -> str:
    """Explain why the commands need an initial access token, or why they need none."""
    if _needs_token(state):
        return "(Machine clients need an initial access token to register here. The first command creates one.)"
    return (
        "(You need no login and no initial access token, because the local stack sets machineClients to open."
        "\nOn AWS it defaults to token if users sign in: see docs/operations.md.)"
    )


def _commands(state: State) -> list[str]:
    issuer, mcp_url = state.outputs["issuer"], state.outputs["mcp_url"]
    commands, proof = [], ""
    if _needs_token(state):
        commands.append(f"INITIAL=$({' '.join(_command(state))} admin make-initial-token)")
        proof = """ -H "Authorization: Bearer $INITIAL\""""
    commands.append(
        f"CLIENT=$(curl -sS -X POST {state.outputs['registration_url']} -H 'Content-Type: application/json'{proof} \\\n"
        """  -d '{"client_name":"curl","grant_types":["client_credentials"]}')"""
    )
    commands.append(
        f"TOKEN=$(curl -sS -X POST {issuer}/token -d grant_type=client_credentials -d resource={mcp_url} \\\n"
        """  -u "$(printf %s "$CLIENT" | jq -r '.client_id + ":" + .client_secret')" | jq -r .access_token)"""
    )
    commands.append(
        f"curl -sS {mcp_url} -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\\n"
        "  -H 'Accept: application/json, text/event-stream' \\\n"
        """  -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' | jq"""
    )
    return commands
