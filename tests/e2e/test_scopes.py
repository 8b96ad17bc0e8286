"""Scopes and their hierarchy, from the configuration to a tool, on a stack of its own."""

import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from tests.e2e.conftest import RENAMED_CHALLENGE, Server
from tests.support.local_stack import LocalStack

SCOPES = {
    "mcp": "Use the server",
    "notes:read": "Read notes",
    "notes:write": "Write notes",
    "notes:admin": "Do everything with notes",
}
IMPLIES = {"notes:admin": ["notes:write"], "notes:write": ["notes:read"]}


@pytest.fixture(scope="module")
def scoped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    config = {
        "appModule": "tests.e2e.scopes_app",
        "scopes": json.dumps(SCOPES),
        "scopeImplies": json.dumps(IMPLIES),
        "baseScope": "mcp",
        "machineScopes": json.dumps(list(SCOPES)),
    }
    with LocalStack(tmp_path_factory.mktemp("scopes") / "stack", config=config) as stack:
        yield Server(stack.outputs["url"], stack.directory)


@pytest.fixture(scope="module")
def admin(scoped: Server) -> dict[str, Any]:
    return scoped.register(scope="notes:admin")


def call(server: Server, token: str, name: str) -> requests.Response:
    return server.rpc(token, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name}})


def test_a_broader_scope_is_good_for_what_needs_a_narrower_one(scoped: Server, admin: dict[str, Any]) -> None:
    """MCP 2026-07-28, Authorization: "Servers MUST account for scope hierarchies"."""
    token = scoped.token(admin, scope="notes:admin")
    assert jwt.decode(token, options={"verify_signature": False})["scope"] == "notes:admin"
    seen = call(scoped, token, "read_note").json()["result"]["content"][0]["text"]
    assert json.loads(seen) == ["notes:admin", "notes:read", "notes:write"]
    assert call(scoped, token, "write_note").status_code == 200


def test_a_client_gets_a_token_for_a_scope_that_is_only_implied(scoped: Server, admin: dict[str, Any]) -> None:
    """RFC 6749 3.3."""
    token = scoped.token(admin, scope="notes:read")
    assert call(scoped, token, "read_note").status_code == 200
    assert call(scoped, token, "write_note").status_code == 403


def test_a_narrower_scope_is_never_good_for_a_broader_one(scoped: Server) -> None:
    writer = scoped.register(scope="notes:write")
    assert writer["scope"] == "mcp notes:write"
    form = {"grant_type": "client_credentials", "scope": "notes:admin"}
    answer = scoped.send("POST", "/token", data=form, auth=(writer["client_id"], writer["client_secret"]))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("method", "params", "needed"),
    [
        ("tools/call", {"name": "write_note"}, "notes:read notes:write"),
        ("resources/read", {"uri": "notes://all"}, "notes:read"),
        ("prompts/get", {"name": "rewrite"}, "notes:write"),
    ],
    ids=["tool", "resource", "prompt"],
)
def test_a_refusal_names_every_scope_that_the_operation_needs(
    scoped: Server, admin: dict[str, Any], method: str, params: dict[str, str], needed: str
) -> None:
    """MCP 2026-07-28, Authorization, Scope Challenge Handling; RFC 6750 3.1."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = scoped.rpc(scoped.token(admin, scope="mcp"), message)
    assert answer.status_code == 403
    assert answer.json()["error"]["data"] == {"requiredScopes": needed.split()}
    assert answer.headers[RENAMED_CHALLENGE].startswith(
        f'Bearer error="insufficient_scope", scope="{needed}", '
        f'resource_metadata="{scoped.url}/.well-known/oauth-protected-resource/mcp"'
    )
    assert scoped.rpc(scoped.token(admin, scope=needed), message).status_code == 200


def test_the_metadata_names_every_scope(scoped: Server) -> None:
    """RFC 8414 2 and RFC 9728 2."""
    server, resource = (
        scoped.send("GET", f"/.well-known/{document}").json()["scopes_supported"]
        for document in ("oauth-authorization-server", "oauth-protected-resource/mcp")
    )
    assert sorted(resource) == sorted(SCOPES)
    # What asks for a refresh token is no scope of the resource (MCP 2026-07-28, Refresh Tokens).
    assert server == [*resource, "offline_access"]
