"""The MCP endpoint: messages, both eras, tools and resources."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, ToolError, resource, tool
from runtime.version import VERSION
from tests.unit.mcp.conftest import INITIALIZE, LEGACY, MODERN, PREFIX, Server, result

SECRET = "a-connection-string"


@tool
def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    return a + b


@tool(title="Who")
def who(context: Context) -> dict[str, str]:
    """Tell who calls."""
    return {"client": context.client_id, "revision": context.protocol_version}


@tool
def refuse() -> str:
    """Refuse politely."""
    raise ToolError("not today")


@tool
def crash() -> str:
    """Fail unexpectedly."""
    raise RuntimeError(SECRET)


@resource("test://greeting", mime_type="text/plain")
def greeting(context: Context) -> str:
    """A greeting."""
    return f"hello {context.client_id}"


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(add, who, refuse, crash, greeting)


@pytest.mark.parametrize("revision", LEGACY)
def test_every_legacy_revision_is_negotiated(server: Server, revision: str) -> None:
    """2025-11-25, Lifecycle, Version Negotiation. The first request carries no version header."""
    params = {**INITIALIZE, "protocolVersion": revision}
    shown = result(server.post({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}))
    assert shown["protocolVersion"] == revision
    assert shown["serverInfo"] == {"name": "test-server", "version": VERSION}
    assert shown["capabilities"] == {"logging": {}, "tools": {}, "resources": {}}
    assert shown["instructions"] == "Be kind."


def test_an_unknown_revision_is_answered_with_the_latest_legacy_one(server: Server) -> None:
    shown = result(server.legacy("initialize", {**INITIALIZE, "protocolVersion": "1999-01-01"}))
    assert shown["protocolVersion"] == "2025-11-25"


def test_notifications_are_accepted_without_a_body(server: Server) -> None:
    """2025-11-25, Transports, Sending Messages 4."""
    answer = server.post({"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (answer["statusCode"], answer["body"]) == (202, "")


def test_ping_is_answered_with_an_empty_result(server: Server) -> None:
    assert server.legacy("ping")["json"] == {"jsonrpc": "2.0", "id": 1, "result": {}}


def test_tools_are_listed_in_the_order_of_definition_with_their_schemas(server: Server) -> None:
    tools = result(server.legacy("tools/list"))["tools"]
    assert [shown["name"] for shown in tools] == ["add", "who", "refuse", "crash"]
    assert tools[0]["inputSchema"] == {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "default": 1}},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert tools[1]["title"] == "Who"
    assert "context" not in tools[1]["inputSchema"]["properties"]


def test_a_tool_is_called_with_its_arguments_and_defaults(server: Server) -> None:
    shown = result(server.legacy("tools/call", {"name": "add", "arguments": {"a": 2}}))
    assert shown == {"content": [{"type": "text", "text": "3"}], "isError": False}


def test_a_tool_that_returns_an_object_gives_structured_content(server: Server) -> None:
    shown = result(server.legacy("tools/call", {"name": "who"}, revision="2025-06-18"))
    assert shown["structuredContent"] == {"client": "client-1", "revision": "2025-06-18"}


@pytest.mark.parametrize(
    ("arguments", "pointer"), [({"a": "x"}, "/a"), ({}, "/a"), ({"a": 1, "c": 2}, "/c"), ({"a": 1.5}, "/a")]
)
def test_arguments_that_the_schema_refuses_are_an_error_that_a_model_can_read(
    server: Server, arguments: dict[str, Any], pointer: str
) -> None:
    """2025-11-25, Tools, Error Handling: input validation errors are tool execution errors."""
    shown = result(server.legacy("tools/call", {"name": "add", "arguments": arguments}))
    assert shown["isError"] is True
    assert shown["content"][0]["text"].startswith(f"Invalid arguments: {pointer}: ")


def test_a_tool_error_is_returned(server: Server) -> None:
    shown = result(server.legacy("tools/call", {"name": "refuse"}))
    assert shown == {"content": [{"type": "text", "text": "not today"}], "isError": True}


def test_an_unexpected_failure_in_a_tool_is_logged_and_not_sent(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = server.legacy("tools/call", {"name": "crash"})
    assert answer["json"]["result"]["isError"] is True
    assert "request-1" in answer["json"]["result"]["content"][0]["text"]
    assert SECRET not in answer["body"]
    assert "Traceback" not in answer["body"]
    assert SECRET in caplog.text


def test_resources_are_listed_and_read(server: Server) -> None:
    listed = result(server.legacy("resources/list"))["resources"]
    assert listed == [
        {"uri": "test://greeting", "name": "greeting", "description": "A greeting.", "mimeType": "text/plain"}
    ]
    shown = result(server.legacy("resources/read", {"uri": "test://greeting"}))
    assert shown == {"contents": [{"uri": "test://greeting", "mimeType": "text/plain", "text": "hello client-1"}]}


def test_discover_tells_the_revisions_and_capabilities(server: Server) -> None:
    """2026-07-28, Discovery."""
    shown = result(server.modern("server/discover"))
    assert shown["supportedVersions"] == [MODERN, *reversed(LEGACY)]
    assert shown["capabilities"] == {"logging": {}, "tools": {}, "resources": {}}
    assert shown["resultType"] == "complete"
    assert shown["_meta"]["io.modelcontextprotocol/serverInfo"] == {"name": "test-server", "version": VERSION}
    assert (shown["ttlMs"], shown["cacheScope"]) == (300_000, "private")


def test_a_modern_tool_call_has_a_result_type_and_the_server_info(server: Server) -> None:
    shown = result(server.modern("tools/call", {"name": "who"}))
    assert shown["structuredContent"]["revision"] == MODERN
    assert shown["resultType"] == "complete"
    assert "io.modelcontextprotocol/serverInfo" in shown["_meta"]


BAD_META = {f"{PREFIX}clientCapabilities": 1}


@pytest.mark.parametrize(
    ("send", "status", "code"),
    [
        (lambda server: server.post("{"), 400, -32700),
        (lambda server: server.post("[]"), 400, -32600),
        (lambda server: server.post("5"), 400, -32600),
        (lambda server: server.post({"jsonrpc": "1.0", "id": 1, "method": "ping"}), 400, -32600),
        (lambda server: server.post({"jsonrpc": "2.0", "id": None, "method": "ping"}), 400, -32600),
        (lambda server: server.post({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}), 400, -32600),
        (lambda server: server.post({"jsonrpc": "2.0", "method": "ping"}), 400, -32600),
        (lambda server: server.post({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}), 400, -32600),
        (lambda server: server.post({"jsonrpc": "2.0", "id": "x", "result": {}}), 400, -32600),
        (lambda server: server.legacy("no/such/method"), 200, -32601),
        (lambda server: server.legacy("server/discover"), 200, -32601),
        (lambda server: server.legacy("prompts/list"), 200, -32601),
        (lambda server: server.legacy("tools/call", {"name": "no_such_tool"}), 200, -32602),
        (lambda server: server.legacy("tools/call", {"arguments": {}}), 200, -32602),
        (lambda server: server.legacy("tools/list", {"cursor": "made up"}), 200, -32602),
        (lambda server: server.legacy("resources/read", {"uri": "test://nowhere"}), 200, -32002),
        (lambda server: server.legacy("ping", revision="1999-01-01"), 400, -32602),
        (lambda server: server.modern("no/such/method"), 404, -32601),
        (lambda server: server.modern("initialize", INITIALIZE), 404, -32601),
        (lambda server: server.modern("ping"), 404, -32601),
        (lambda server: server.modern("tasks/get", {"taskId": "x"}), 404, -32601),
        (lambda server: server.modern("resources/read", {"uri": "test://nowhere"}), 200, -32602),
        (lambda server: server.modern("tools/list", headers={"Mcp-Method": "tools/call"}), 400, -32020),
        (lambda server: server.modern("tools/list", headers={"MCP-Protocol-Version": "2025-11-25"}), 400, -32020),
        (lambda server: server.modern("tools/call", {"name": "who"}, headers={"Mcp-Name": "add"}), 400, -32020),
        (lambda server: server.modern("tools/list", {"_meta": BAD_META}), 400, -32602),
    ],
)
def test_each_error_has_its_code_and_status(
    server: Server, send: Callable[[Server], dict[str, Any]], status: int, code: int
) -> None:
    answer = send(server)
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (status, code)


def test_an_unsupported_modern_version_is_an_error_with_the_supported_versions(server: Server) -> None:
    """2026-07-28, Protocol Version Negotiation."""
    future = "2999-01-01"
    meta = {f"{PREFIX}protocolVersion": future}
    answer = server.modern("tools/list", {"_meta": meta}, headers={"MCP-Protocol-Version": future})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32022)
    assert answer["json"]["error"]["data"] == {"supported": [MODERN, *reversed(LEGACY)], "requested": future}


def test_a_schema_failure_names_pointer_and_reason(server: Server) -> None:
    error = server.legacy("tools/call", {"name": 5})["json"]["error"]
    assert error["data"] == {"pointer": "/params/name", "reason": "must be of type string"}
