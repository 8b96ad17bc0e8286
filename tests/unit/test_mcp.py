"""The MCP endpoint: messages, both eras, tools and resources."""

import logging
from typing import Any

import pytest

from runtime.authoring import App, Context, ToolError, resource, tool
from runtime.endpoint import Endpoint
from runtime.mcp.errors import InternalError
from runtime.mcp.message import read_message
from runtime.mcp.server import McpServer
from runtime.settings import McpSettings
from tests.unit.conftest import PUBLIC_URL, sender

MODERN = "2026-07-28"
LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
CALLER = {"clientId": "client-1", "subject": "subject-1", "scope": "mcp mcp:admin"}
META = {"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}}
INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
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
    """Fail in a way nobody foresaw."""
    raise RuntimeError(SECRET)


@resource("test://greeting", mime_type="text/plain")
def greeting(context: Context) -> str:
    """A greeting."""
    return f"hello {context.client_id}"


class Module:
    """Stands for a module of an app."""


def app() -> App:
    module: Any = Module()
    module.__dict__.update(add=add, who=who, refuse=refuse, crash=crash, greeting=greeting)
    return App([module], instructions="Be kind.")


def post(message: Any, *, headers: dict[str, str] | None = None, origins: tuple[str, ...] = ("*",)) -> dict[str, Any]:
    settings = McpSettings(PUBLIC_URL, "INFO", "test-server", origins)
    endpoints = {("POST", "/mcp"): Endpoint(McpServer(app(), settings).handle, read_message, InternalError)}
    body = (
        {"body": message, "headers": {"Content-Type": "application/json"}}
        if isinstance(message, str)
        else {"json": message}
    )
    body["headers"] = {**body.get("headers", {}), **(headers or {})}
    return sender(endpoints)("POST", "/mcp", authorizer=CALLER, **body)


def legacy(method: str, params: dict[str, Any] | None = None, revision: str = "2025-11-25") -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
    return post(message, headers={"MCP-Protocol-Version": revision})


def modern(method: str, params: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "id": "m", "method": method, "params": {"_meta": META, **(params or {})}}
    return post(message, headers={"MCP-Protocol-Version": MODERN, "Mcp-Method": method, **headers})


@pytest.mark.parametrize("revision", LEGACY)
def test_every_legacy_revision_is_negotiated(revision: str) -> None:
    """2025-11-25, Lifecycle, Version Negotiation. The first request carries no version header."""
    params = {**INITIALIZE, "protocolVersion": revision}
    result = post({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params})["json"]["result"]
    assert result["protocolVersion"] == revision
    assert result["serverInfo"] == {"name": "test-server", "version": "1.0.0"}
    assert result["capabilities"] == {"tools": {}, "resources": {}}
    assert result["instructions"] == "Be kind."


def test_an_unknown_revision_is_answered_with_the_latest_legacy_one() -> None:
    result = legacy("initialize", {**INITIALIZE, "protocolVersion": "1999-01-01"})["json"]["result"]
    assert result["protocolVersion"] == "2025-11-25"


def test_notifications_are_accepted_without_a_body() -> None:
    """2025-11-25, Transports, Sending Messages 4."""
    answer = post({"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (answer["statusCode"], answer["body"]) == (202, "")


def test_ping_is_answered_with_an_empty_result() -> None:
    assert legacy("ping")["json"] == {"jsonrpc": "2.0", "id": 1, "result": {}}


def test_tools_are_listed_in_the_order_of_definition_with_their_schemas() -> None:
    tools = legacy("tools/list")["json"]["result"]["tools"]
    assert [shown["name"] for shown in tools] == ["add", "who", "refuse", "crash"]
    assert tools[0]["inputSchema"] == {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "default": 1}},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert tools[1]["title"] == "Who"
    assert "context" not in tools[1]["inputSchema"]["properties"]


def test_a_tool_is_called_with_its_arguments_and_defaults() -> None:
    result = legacy("tools/call", {"name": "add", "arguments": {"a": 2}})["json"]["result"]
    assert result == {"content": [{"type": "text", "text": "3"}], "isError": False}


def test_a_tool_that_returns_an_object_gives_structured_content() -> None:
    result = legacy("tools/call", {"name": "who"}, "2025-06-18")["json"]["result"]
    assert result["structuredContent"] == {"client": "client-1", "revision": "2025-06-18"}


@pytest.mark.parametrize(
    ("arguments", "pointer"), [({"a": "x"}, "/a"), ({}, "/a"), ({"a": 1, "c": 2}, "/c"), ({"a": 1.5}, "/a")]
)
def test_arguments_that_the_schema_refuses_are_an_error_that_a_model_can_read(
    arguments: dict[str, Any], pointer: str
) -> None:
    """2025-11-25, Tools, Error Handling: input validation errors are tool execution errors."""
    result = legacy("tools/call", {"name": "add", "arguments": arguments})["json"]["result"]
    assert result["isError"] is True
    assert result["content"][0]["text"].startswith(f"Invalid arguments: {pointer}: ")


def test_a_tool_error_is_shown() -> None:
    result = legacy("tools/call", {"name": "refuse"})["json"]["result"]
    assert result == {"content": [{"type": "text", "text": "not today"}], "isError": True}


def test_an_unforeseen_failure_in_a_tool_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = legacy("tools/call", {"name": "crash"})
    assert answer["json"]["result"]["isError"] is True
    assert "request-1" in answer["json"]["result"]["content"][0]["text"]
    assert SECRET not in answer["body"]
    assert "Traceback" not in answer["body"]
    assert SECRET in caplog.text


def test_resources_are_listed_and_read() -> None:
    listed = legacy("resources/list")["json"]["result"]["resources"]
    assert listed == [
        {"uri": "test://greeting", "name": "greeting", "description": "A greeting.", "mimeType": "text/plain"}
    ]
    result = legacy("resources/read", {"uri": "test://greeting"})["json"]["result"]
    assert result == {"contents": [{"uri": "test://greeting", "mimeType": "text/plain", "text": "hello client-1"}]}


def test_discover_tells_the_revisions_and_capabilities() -> None:
    """2026-07-28, Discovery."""
    result = modern("server/discover")["json"]["result"]
    assert result["supportedVersions"] == [MODERN, *reversed(LEGACY)]
    assert result["capabilities"] == {"tools": {}, "resources": {}}
    assert result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"] == {"name": "test-server", "version": "1.0.0"}
    assert (result["ttlMs"], result["cacheScope"]) == (300_000, "private")


def test_a_modern_tool_call_has_a_result_type_and_the_server_info() -> None:
    result = modern("tools/call", {"name": "who"}, **{"Mcp-Name": "who"})["json"]["result"]
    assert result["structuredContent"]["revision"] == MODERN
    assert result["resultType"] == "complete"
    assert "io.modelcontextprotocol/serverInfo" in result["_meta"]


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (post("{"), 400, -32700),
        (post("[]"), 400, -32600),
        (post({"jsonrpc": "1.0", "id": 1, "method": "ping"}), 400, -32600),
        (post({"jsonrpc": "2.0", "id": None, "method": "ping"}), 400, -32600),
        (post({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}), 400, -32600),
        (post({"jsonrpc": "2.0", "method": "ping"}), 400, -32600),
        (post({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}), 400, -32600),
        (legacy("no/such/method"), 200, -32601),
        (legacy("server/discover"), 200, -32601),
        (legacy("tools/call", {"name": "no_such_tool"}), 200, -32602),
        (legacy("tools/call", {"arguments": {}}), 200, -32602),
        (legacy("resources/read", {"uri": "test://nowhere"}), 200, -32002),
        (legacy("ping", revision="1999-01-01"), 400, -32602),
        (modern("no/such/method"), 404, -32601),
        (modern("initialize", INITIALIZE), 404, -32601),
        (modern("resources/read", {"uri": "test://nowhere"}, **{"Mcp-Name": "test://nowhere"}), 200, -32602),
        (modern("tools/list", **{"Mcp-Method": "tools/call"}), 400, -32020),
        (modern("tools/list", **{"MCP-Protocol-Version": "2025-11-25"}), 400, -32020),
        (modern("tools/list", {"_meta": {**META, "io.modelcontextprotocol/clientCapabilities": 1}}), 400, -32602),
    ],
)
def test_what_is_wrong_is_told_by_code_and_status(answer: dict[str, Any], status: int, code: int) -> None:
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (status, code)


def test_an_unsupported_modern_version_is_told_with_those_that_are_supported() -> None:
    """2026-07-28, Protocol Version Negotiation."""
    future = "2999-01-01"
    meta = {**META, "io.modelcontextprotocol/protocolVersion": future}
    answer = modern("tools/list", {"_meta": meta}, **{"MCP-Protocol-Version": future})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32022)
    assert answer["json"]["error"]["data"] == {"supported": [MODERN, *reversed(LEGACY)], "requested": future}


def test_a_schema_failure_names_pointer_and_reason() -> None:
    error = legacy("tools/call", {"name": 5})["json"]["error"]
    assert error["data"] == {"pointer": "/params/name", "reason": "must be of type string"}


@pytest.mark.parametrize(("origin", "status"), [("https://good.example.com", 200), ("https://evil.example.com", 403)])
def test_an_origin_that_is_not_allowed_is_refused(origin: str, status: int) -> None:
    """2026-07-28, Security & Endpoint 1."""
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    answer = post(ping, headers={"Origin": origin}, origins=("https://good.example.com",))
    assert answer["statusCode"] == status


def test_a_client_that_does_not_accept_json_is_told_so() -> None:
    answer = post({"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers={"Accept": "text/html"})
    assert answer["statusCode"] == 406


def test_another_method_on_the_endpoint_is_405_with_allow() -> None:
    answer = sender({})("GET", "/mcp", authorizer=CALLER)
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "POST")
