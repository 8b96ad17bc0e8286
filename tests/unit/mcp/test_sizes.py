"""Limits of message sizes: the server reports a response that Lambda cannot return."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, resource, tool
from tests.unit.mcp.conftest import Server, events, result, text

MB = 1024 * 1024
# Lambda quotas: "Invocation payload (request and response): 6 MB".
LAMBDA_BYTES = 6 * MB


@tool
def fill(size: int, unit: str = "x") -> str:
    """Answer at length."""
    return unit * size


@tool
def flood(context: Context, size: int) -> str:
    """Log at length."""
    context.log("x" * size, "emergency")
    return "done"


@tool
def ask_then_flood(context: Context, size: int, note: str = "") -> str:
    """Ask, then log at length."""
    context.elicit("Sure?", {"type": "object"})
    return flood(context, size)  # type: ignore[no-any-return]


@tool
def interview(context: Context) -> str:
    """Ask twice."""
    answers = [context.elicit("More?", {"type": "object"}, key=key).content or {} for key in ("first", "second")]
    return str(sum(len(answer["note"]) for answer in answers))


@resource("test://large{?size}")
def large(size: int = 0) -> str:
    """Much."""
    return "x" * size


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(fill, flood, ask_then_flood, interview, large)


def handed_over(answer: dict[str, Any]) -> int:
    """Return the size of a function's response in bytes, as Lambda counts it."""
    return len(json.dumps({name: answer[name] for name in ("statusCode", "headers", "body")}))


def call(server: Server, name: str, era: str = "legacy", **arguments: Any) -> dict[str, Any]:
    return getattr(server, era)("tools/call", {"name": name, "arguments": arguments}, id="mine")  # type: ignore[no-any-return]


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize(("size", "unit"), [(6 * MB, "x"), (2 * MB, '"'), (MB, "\N{GRINNING FACE}")])
def test_a_result_that_is_too_large_is_an_error_result(server: Server, era: str, size: int, unit: str) -> None:
    """Counted as Lambda does: in JSON, in which a quotation mark of a message takes four bytes."""
    answer = call(server, "fill", era, size=size, unit=unit)
    assert result(answer)["isError"] is True
    assert "too large" in text(answer)


def test_a_large_result_within_the_limit_is_returned(server: Server) -> None:
    answer = call(server, "fill", size=5 * MB)
    assert len(text(answer)) == 5 * MB
    assert handed_over(answer) < LAMBDA_BYTES


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_any_other_response_that_is_too_large_is_an_error_with_its_id(server: Server, era: str) -> None:
    answer = getattr(server, era)("resources/read", {"uri": f"test://large?size={6 * MB}"}, id="mine")
    assert (answer["statusCode"], answer["json"]["id"], answer["json"]["error"]["code"]) == (200, "mine", -32603)
    assert "too large" in answer["json"]["error"]["message"]


def test_notifications_count_too(server: Server) -> None:
    answer = call(server, "flood", size=6 * MB)
    assert (answer["json"]["id"], answer["json"]["error"]["code"]) == ("mine", -32603)


def test_each_request_of_a_batch_that_is_too_large_gets_an_error(server: Server) -> None:
    """2025-03-26, Batching: every request has its response."""
    params = {"name": "fill", "arguments": {"size": 4 * MB}}
    batch = [{"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params} for number in (1, 2)]
    answer = server.post(batch)
    assert [(entry["id"], entry["error"]["code"]) for entry in answer["json"]] == [(1, -32603), (2, -32603)]


def test_a_resumed_stream_that_is_too_large_ends_with_an_error(server: Server) -> None:
    params = {"name": "ask_then_flood", "arguments": {"size": 6 * MB}}
    question = events(server.legacy("tools/call", params, id=7, headers=server.session({"elicitation": {}})))[-1]
    reply = {"jsonrpc": "2.0", "id": question["data"]["id"], "result": {"action": "accept", "content": {}}}
    assert server.post(reply)["statusCode"] == 202
    answer = server.get(**{"Last-Event-ID": question["id"]})
    assert handed_over(answer) < LAMBDA_BYTES
    assert events(answer)[-1]["data"]["error"]["code"] == -32603


@pytest.mark.parametrize(
    "change", [{"id": "x" * 1025}, {"params": {"_meta": {"progressToken": "x" * 1025}}}], ids=["id", "progressToken"]
)
def test_an_id_and_a_progress_token_must_be_short(server: Server, change: dict[str, Any]) -> None:
    answer = server.post({"jsonrpc": "2.0", "id": 1, "method": "ping", **change})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32600)
    assert len(answer["body"]) < 1000


def test_a_request_that_is_too_large_to_store_is_an_error_with_its_id(server: Server) -> None:
    params = {"name": "ask_then_flood", "arguments": {"size": 1, "note": "x" * 500_000}}
    headers = server.session({"elicitation": {}})
    shown = server.legacy("tools/call", params, id=7, headers=headers)["json"]
    assert (shown["id"], shown["error"]["code"]) == (7, -32602)


def test_answers_that_are_too_large_for_request_state_are_refused(server: Server) -> None:
    """2026-07-28, Multi Round-Trip Requests: the server must accept every requestState that it issues."""
    call = {"name": "interview"}
    can: dict[str, Any] = {"elicitation": {}}
    first = result(server.modern("tools/call", call, capabilities=can))
    long = {"action": "accept", "content": {"note": "x" * 800_000}}
    retry = {**call, "inputResponses": {"first": long}, "requestState": first["requestState"]}
    error = server.modern("tools/call", retry, capabilities=can)["json"]["error"]
    assert (error["code"], error["data"]["pointer"]) == (-32602, "/params/inputResponses")
    short = {"action": "accept", "content": {"note": "x" * 700_000}}
    retry["inputResponses"] = {"first": short}
    second = result(server.modern("tools/call", retry, capabilities=can))
    retry |= {"inputResponses": {"second": short}, "requestState": second["requestState"]}
    assert text(server.modern("tools/call", retry, capabilities=can)) == "1400000"
