"""What to do with a stack that is up: its addresses, and commands that work when pasted, in any POSIX shell."""

import shutil
import sys

from local.provider import client
from local.state import State


def instructions(state: State) -> str:
    """Where it answers, who can log in, and how to register a client, get a token and call a tool."""
    parts = [_addresses(state)]
    if state.registration == "closed":
        parts.append("Nobody can register a client: registration is closed.")
    elif state.machines == "closed":
        parts.append("No client can act for itself: machineClients is closed. Connect one that users log in with.")
    else:
        parts += ["Register a client, get a token, call a tool:", *_commands(state), _reason(state)]
    missing = [tool for tool in ("curl", "jq") if shutil.which(tool) is None]
    if missing:
        parts.append(f"(These need {' and '.join(missing)}, which this machine does not have.)")
    return "\n" + "\n\n".join(parts)


def _addresses(state: State) -> str:
    lines = [f"MCP URL  {state.outputs['mcp_url']}", f"Issuer   {state.outputs['issuer']}"]
    if invitation := client.invitation(state):
        lines.append(f"Log in   as {invitation}")
    return "\n".join(lines)


def _needs_token(state: State) -> bool:
    return "token" in {state.registration, state.machines}


def _reason(state: State) -> str:
    """Why the commands work: on AWS they need an initial access token where users log in."""
    if _needs_token(state):
        return "(The first command makes an initial access token, without which no machine registers here.)"
    return (
        "(No login and no initial access token is needed, because this stack sets machineClients to open for itself."
        "\nOn AWS, where users log in, it is token unless you say otherwise: see docs/operations.md.)"
    )


def _commands(state: State) -> list[str]:
    issuer, mcp_url = state.outputs["issuer"], state.outputs["mcp_url"]
    commands, proof = [], ""
    if _needs_token(state):
        admin = f"{sys.executable} -m local --dir={state.directory.resolve()} admin"
        commands.append(f"INITIAL=$({admin} make-initial-token)")
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
