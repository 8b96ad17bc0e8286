"""Scopes and their hierarchy, from the configuration to a tool."""

import json
from typing import Any

import jwt
import pytest
import requests

from tests.e2e.conftest import RENAMED_CHALLENGE, SCOPES, Server


@pytest.fixture(scope="module")
def admin(feature_server: Server) -> dict[str, Any]:
    return feature_server.register(scope="notes:admin")


def call(server: Server, token: str, name: str) -> requests.Response:
    return server.rpc(token, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name}})


def test_a_broader_scope_is_good_for_what_needs_a_narrower_one(feature_server: Server, admin: dict[str, Any]) -> None:
    """MCP 2026-07-28, Authorization: "Servers MUST account for scope hierarchies"."""
    token = feature_server.token(admin, scope="notes:admin")
    assert jwt.decode(token, options={"verify_signature": False})["scope"] == "notes:admin"
    seen = call(feature_server, token, "read_note").json()["result"]["content"][0]["text"]
    assert json.loads(seen) == ["notes:admin", "notes:read", "notes:write"]
    assert call(feature_server, token, "write_note").status_code == 200


def test_a_client_gets_a_token_for_a_scope_that_is_only_implied(feature_server: Server, admin: dict[str, Any]) -> None:
    """RFC 6749 3.3."""
    token = feature_server.token(admin, scope="notes:read")
    assert call(feature_server, token, "read_note").status_code == 200
    assert call(feature_server, token, "write_note").status_code == 403


def test_a_narrower_scope_is_never_good_for_a_broader_one(feature_server: Server) -> None:
    writer = feature_server.register(scope="notes:write")
    assert writer["scope"] == "mcp notes:write"
    form = {"grant_type": "client_credentials", "scope": "notes:admin"}
    answer = feature_server.send("POST", "/token", data=form, auth=(writer["client_id"], writer["client_secret"]))
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
    feature_server: Server, admin: dict[str, Any], method: str, params: dict[str, str], needed: str
) -> None:
    """MCP 2026-07-28, Authorization, Scope Challenge Handling; RFC 6750 3.1."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = feature_server.rpc(feature_server.token(admin, scope="mcp"), message)
    assert answer.status_code == 403
    assert answer.json()["error"]["data"] == {"requiredScopes": needed.split()}
    assert answer.headers[RENAMED_CHALLENGE].startswith(
        f'Bearer error="insufficient_scope", scope="{needed}", '
        f'resource_metadata="{feature_server.url}/.well-known/oauth-protected-resource/mcp"'
    )
    assert feature_server.rpc(feature_server.token(admin, scope=needed), message).status_code == 200


def test_the_metadata_names_every_scope(feature_server: Server) -> None:
    """RFC 8414 2 and RFC 9728 2."""
    server, resource = (
        feature_server.send("GET", f"/.well-known/{document}").json()["scopes_supported"]
        for document in ("oauth-authorization-server", "oauth-protected-resource/mcp")
    )
    assert sorted(resource) == sorted(SCOPES)
    # What asks for a refresh token is no scope of the resource (MCP 2026-07-28, Refresh Tokens).
    assert server == [*resource, "offline_access"]
