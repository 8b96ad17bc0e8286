"""No input makes the mcp function raise or answer 5xx."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.authoring import Context, tool
from runtime.mcp.methods import METHODS as KNOWN_METHODS
from tests.unit.mcp.conftest import LEGACY, MODERN, PREFIX, Server
from tests.unit.mcp.plain_members import named, plain

pytestmark = pytest.mark.proof

SAME_SERVER = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}}


@tool
def ask(context: Context, times: int = 1) -> str:
    """Ask a user."""
    return str([context.elicit("Name?", SCHEMA, key=f"key{number}").action for number in range(min(times, 3))])


@tool(task="optional")
def report(context: Context, value: str) -> dict[str, str]:
    """Report and return."""
    context.progress(1)
    context.log(value)
    return {"value": value}


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(ask, report, named, plain)


WORDS = st.sampled_from(
    ["ask", "report", "plain", "key0", "test://x", "name", "accept", "1", "", "\x00", "日本", "x" * 300]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS | st.text()
)
MEMBERS = (
    "name uri arguments cursor _meta ref argument value type taskId level times inputResponses requestState action "
    f"notifications taskIds content protocolVersion capabilities clientInfo progressToken {PREFIX}protocolVersion "
    f"{PREFIX}clientCapabilities {PREFIX}logLevel"
).split()
KEYS = st.text(max_size=8) | st.sampled_from(MEMBERS)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=6)
METHODS = st.sampled_from(sorted({*KNOWN_METHODS, "notifications/cancelled", "nope", ""}))
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "MCP-Protocol-Version": st.sampled_from([MODERN, *LEGACY, "", "x"]),
        "Mcp-Method": METHODS,
        "Mcp-Name": st.sampled_from(["ask", "report", "=?base64?YXNr?=", "=?base64?!?=", "é", ""]),
        "Mcp-Session-Id": st.text(max_size=20),
        "Last-Event-ID": st.text(max_size=20),
        "Accept": st.sampled_from(["application/json, text/event-stream", "*/*", "text/html", ""]),
        "Content-Type": st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain", ""]),
        "Origin": st.text(max_size=20),
    },
)


def check(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] < 500, answer
    assert "Traceback" not in answer["body"]
    if answer["json"] is not None:
        json.dumps(answer["json"], allow_nan=False)


@given(body=st.text() | JSON.map(json.dumps) | st.binary().map(lambda data: data.decode("latin-1")), headers=HEADERS)
@SAME_SERVER
def test_any_body_with_any_headers(server: Server, body: str, headers: dict[str, str]) -> None:
    check(server.post(body, **headers))


@given(method=METHODS, params=OBJECTS, request_id=JSON, headers=HEADERS)
@SAME_SERVER
def test_any_request(server: Server, method: str, params: Any, request_id: Any, headers: dict[str, str]) -> None:
    check(server.post({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params}, **headers))


@given(method=METHODS, params=OBJECTS, capabilities=OBJECTS)
@SAME_SERVER
def test_any_modern_request_with_an_envelope_in_order(
    server: Server, method: str, params: dict[str, Any], capabilities: Any
) -> None:
    params.pop("_meta", None)
    named = params.get("name") or params.get("uri") or params.get("taskId")
    headers = {"Mcp-Name": named} if isinstance(named, str) else {}
    check(server.modern(method, params, capabilities=capabilities, headers=headers))


@given(
    name=st.sampled_from(["ask", "report"]), arguments=OBJECTS, answers=st.dictionaries(KEYS | WORDS, JSON, max_size=4)
)
@SAME_SERVER
def test_any_arguments_and_answers(server: Server, name: str, arguments: Any, answers: Any) -> None:
    can: dict[str, Any] = {"elicitation": {}, "extensions": {"io.modelcontextprotocol/tasks": {}}}
    check(
        server.modern("tools/call", {"name": name, "arguments": arguments, "inputResponses": answers}, capabilities=can)
    )
    check(server.legacy("tools/call", {"name": name, "arguments": arguments, "_meta": {"progressToken": 1}}))


@given(answer=JSON, error=JSON, headers=HEADERS)
@SAME_SERVER
def test_any_answer_to_a_question(server: Server, answer: Any, error: Any, headers: dict[str, str]) -> None:
    asked = server.legacy("tools/call", {"name": "ask"}, headers=server.session({"elicitation": {}}))["body"]
    question = json.loads(asked.rsplit("data: ", 1)[1])["id"]
    last = asked.rsplit("id: ", 1)[1].split("\n", 1)[0]
    for part in ({"result": answer}, {"error": error}):
        check(server.post({"jsonrpc": "2.0", "id": question, **part}, **headers))
    check(server.get(**{**headers, "Last-Event-ID": last}))
