"""A machine client from registration to deletion, over HTTP through the whole stack."""

import time
from typing import Any

import pytest

from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server, bearer

MODERN = "2026-07-28"


def whoami(server: Server, token: str) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami"}}
    answer = server.rpc(token, message)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["result"]["structuredContent"])


def test_a_registered_client_calls_a_tool_that_knows_who_it_is(server: Server) -> None:
    client = server.register()
    seen = whoami(server, server.token(client, resource=f"{server.url}/mcp"))
    assert (seen["client_id"], seen["subject"], seen["scopes"]) == (client["client_id"], client["client_id"], ["mcp"])


def test_every_url_the_server_states_derives_from_its_public_url(server: Server) -> None:
    """Whatever the Host header says."""
    headers = {"Host": "evil.example.com", "X-Forwarded-Host": "evil.example.com"}
    for path in ("oauth-authorization-server", "openid-configuration", "oauth-protected-resource/mcp"):
        answer = server.send("GET", f"/.well-known/{path}", headers=headers)
        assert answer.status_code == 200
        assert "evil" not in answer.text
        document = answer.json()
        for member, value in document.items():
            if member == "issuer" or member.endswith(("_endpoint", "_uri")) or member == "resource":
                assert value.startswith(server.url)


def test_the_endpoints_of_the_metadata_are_there(server: Server) -> None:
    document = server.send("GET", "/.well-known/openid-configuration").json()
    keys = server.send("GET", document["jwks_uri"].removeprefix(server.url))
    assert keys.headers["Content-Type"] == "application/json"
    page = server.send("GET", document["authorization_endpoint"].removeprefix(server.url))
    assert page.headers["Content-Type"].startswith("text/html")
    endpoints = {member for member in document if member.endswith("_endpoint")} - {"authorization_endpoint"}
    assert len(endpoints) == 5
    for member in endpoints:
        assert server.send("POST", document[member].removeprefix(server.url)).status_code in {400, 415}


@pytest.mark.parametrize("revision", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_a_legacy_client_initializes_lists_and_reads(server: Server, token: str, revision: str) -> None:
    params = {"protocolVersion": revision, "capabilities": {}, "clientInfo": {"name": "e2e", "version": "1"}}
    answer = server.rpc(token, {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})
    assert answer.json()["result"]["protocolVersion"] == revision
    notified = server.rpc(token, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (notified.status_code, notified.content) == (202, b"")
    headers = {} if revision < "2025-06-18" else {"MCP-Protocol-Version": revision}
    listed = server.rpc(token, {"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, **headers).json()
    uri = listed["result"]["resources"][0]["uri"]
    read = server.rpc(token, {"jsonrpc": "2.0", "id": 2, "method": "resources/read", "params": {"uri": uri}}, **headers)
    assert read.json()["result"]["contents"][0]["uri"] == uri


def test_a_modern_client_discovers_and_calls(server: Server, token: str) -> None:
    meta = {"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}}
    for method, extra in (("server/discover", {}), ("tools/list", {}), ("tools/call", {"name": "whoami"})):
        headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method, "Mcp-Name": extra.get("name", "")}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta, **extra}}
        answer = server.rpc(token, message, **{name: value for name, value in headers.items() if value})
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"]["resultType"] == "complete"


def test_a_deleted_client_is_refused_once_the_cached_answer_has_run_out(server: Server) -> None:
    client = server.register()
    token = server.token(client)
    whoami(server, token)
    management = client["registration_client_uri"].removeprefix(server.url)
    assert server.send("DELETE", management, headers=bearer(client["registration_access_token"])).status_code == 204
    time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)
    answer = server.rpc(token, {"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_nobody_reads_or_deletes_a_client_without_its_token(server: Server) -> None:
    """RFC 7592 2."""
    client, other = server.register(), server.register()
    path = client["registration_client_uri"].removeprefix(server.url)
    for headers in ({}, bearer(other["registration_access_token"]), bearer(server.token(client))):
        assert server.send("GET", path, headers=headers).status_code == 401
        assert server.send("DELETE", path, headers=headers).status_code == 401
    assert server.send("GET", path, headers=bearer(client["registration_access_token"])).status_code == 200
