"""Values that JSON cannot carry: NaN, infinities, text that is not Unicode. They are errors, and never become null."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring.json_values import NotJson, json_value
from tests.unit.mcp.conftest import PREFIX, Server, events, result, text
from tests.unit.mcp.unsendable import UNSENDABLE, VALUES

ERAS = pytest.mark.parametrize("era", ["modern", "legacy"])
CAN: dict[str, Any] = {"elicitation": {}, "sampling": {}}


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(*UNSENDABLE)


def call(server: Server, era: str, name: str, **arguments: Any) -> dict[str, Any]:
    return getattr(server, era)("tools/call", {"name": name, "arguments": arguments})  # type: ignore[no-any-return]


@ERAS
def test_a_structured_result_with_nan_is_an_error_that_says_where(server: Server, era: str) -> None:
    """RFC 8259 6: "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN) are not
    permitted." MCP, Output Schema: structured results MUST conform; ``null`` is no number."""
    answer = call(server, era, "measure")
    assert result(answer)["isError"] is True
    assert "structuredContent" not in result(answer)
    assert "/mean is not a finite number" in text(answer)


TOLD = {
    "nan": "/mean is not a finite number",
    "deep": "/parts/1/b is not a finite number",
    "negative": "the value is not a finite number",
    "key": "/caf\\udce9 is not valid Unicode",
    "text": "is not valid Unicode",
    "block": "is not valid Unicode",
    "blocks": "is not a finite number",
    "embedded": "is not valid Unicode",
    "said": "is not valid Unicode",
    "structured": "/mean is not a finite number",
    "meta": "is not a finite number",
    "object": "JSON has no form",
    "digits": "has an integer of too many digits",
    "tupled": "JSON has no form",
    "itself": "nested too deep",
}


@ERAS
def test_a_result_that_json_cannot_carry_is_an_error_result(server: Server, era: str) -> None:
    """MCP, Tools, Error Handling: what fails in a tool is a result with ``isError``, not a JSON-RPC error."""
    assert TOLD.keys() == VALUES.keys()
    for kind, told in TOLD.items():
        answer = call(server, era, "give", kind=kind)
        assert result(answer)["isError"] is True, kind
        assert told in text(answer), kind


def test_in_a_batch_too_it_is_an_error_result(server: Server) -> None:
    """2025-03-26, Batching: one bad result must not take the others along."""
    messages = [
        {
            "jsonrpc": "2.0",
            "id": number,
            "method": "tools/call",
            "params": {"name": "give", "arguments": {"kind": kind}},
        }
        for number, kind in enumerate(["text", "nan"])
    ]
    answer = server.post(messages)
    assert answer["statusCode"] == 200
    assert [response["result"]["isError"] for response in answer["json"]] == [True, True]


def test_a_task_completes_with_the_error_result(server: Server) -> None:
    can: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
    started = result(server.modern("tools/call", {"name": "give", "arguments": {"kind": "nan"}}, capabilities=can))
    task = result(server.modern("tasks/get", {"taskId": started["taskId"]}, capabilities=can))
    assert task["status"] == "completed"
    assert task["result"]["isError"] is True
    assert "not a finite number" in task["result"]["content"][0]["text"]


@ERAS
def test_what_json_can_carry_arrives_whatever_class_it_is_of(server: Server, era: str) -> None:
    assert result(call(server, era, "measure_well"))["structuredContent"] == {
        "mean": 1.5,
        "parts": [{"a": 2.0}],
        "pair": [1, 2],
    }
    assert text(call(server, era, "give_special")) == f'{{"name":"x","ratio":0.5,"missing":null,"7":{2**70}}}'


@ERAS
def test_an_error_that_names_a_file_is_told_with_the_name_escaped(server: Server, era: str) -> None:
    assert text(call(server, era, "complain")) == "there is no caf\\udce9"


@ERAS
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("message", "/question-1/message is not valid Unicode"),
        ("key", "/caf\\udce9 is not valid Unicode"),
        ("url", "/question-1/url is not valid Unicode"),
        ("sample", "/question-1/temperature is not a finite number"),
        ("default", "/properties/a/default is not a finite number"),
    ],
)
def test_a_question_that_json_cannot_carry_fails_the_tool(server: Server, era: str, kind: str, told: str) -> None:
    """Whatever the client can be asked: the fault is the tool's, and shows on the first run."""
    for can in ({}, {"capabilities": CAN} if era == "modern" else {"headers": server.session(CAN)}):
        answer = getattr(server, era)("tools/call", {"name": "ask", "arguments": {"kind": kind}}, **can)
        assert result(answer)["isError"] is True
        assert told in text(answer)


def test_what_is_logged_or_reported_never_fails_a_tool(server: Server) -> None:
    meta = {"_meta": {"progressToken": 1, f"{PREFIX}logLevel": "debug"}}
    *sent, last = events(server.modern("tools/call", {"name": "chat", **meta}))
    params = [event["data"]["params"] for event in sent]
    assert [param.get("data") for param in params[:3]] == ["caf\\udce9", "{'mean': nan}", "<class 'object'>"]
    assert params[0]["logger"] == "caf\\udce9"
    assert [param for param in params if "progress" in param] == [
        {"progressToken": 1, "progress": 1, "message": "caf\\udce9"}
    ]
    assert last["data"]["result"]["isError"] is False


@ERAS
@pytest.mark.parametrize(
    ("method", "params", "told"),
    [
        ("resources/read", {"uri": "test://nan"}, "/mean is not a finite number"),
        ("resources/read", {"uri": "test://text"}, "/contents/0/text is not valid Unicode"),
        ("resources/read", {"uri": "test://object"}, "JSON has no form"),
        ("prompts/get", {"name": "start", "arguments": {"kind": "text"}}, "/messages/0/content/text is not valid"),
        ("prompts/get", {"name": "start", "arguments": {"kind": "nan"}}, "priority is not a finite number"),
        (
            "completion/complete",
            {"ref": {"type": "ref/prompt", "name": "start"}, "argument": {"name": "kind", "value": "text"}},
            "/completion/values/0 is not valid Unicode",
        ),
    ],
)
def test_elsewhere_it_is_a_json_rpc_error_that_says_where(
    server: Server, era: str, method: str, params: dict[str, Any], told: str
) -> None:
    """JSON-RPC 2.0 5.1: -32603. These results cannot be errors."""
    answer = getattr(server, era)(method, params, id=9)
    assert (answer["statusCode"], answer["json"]["id"], answer["json"]["error"]["code"]) == (200, 9, -32603)
    assert told in answer["json"]["error"]["message"]
    assert answer["json"]["error"]["data"] == {"requestId": "request-1"}


def test_a_suggestion_that_is_no_text_is_a_failure_of_the_completion(server: Server) -> None:
    """MCP, Completion, Complete: ``values`` are strings; official clients throw at anything else."""
    ask = {"ref": {"type": "ref/prompt", "name": "start"}, "argument": {"name": "kind", "value": "number"}}
    assert server.legacy("completion/complete", ask)["json"]["error"]["code"] == -32603


def test_the_last_of_many_values_is_found_through_many_levels() -> None:
    deep: Any = {"end": math.nan}
    for _ in range(200):
        deep = [[None] * 500, deep]
    with pytest.raises(NotJson, match=r"/1/1.*/end is not a finite number"):
        json_value(deep)
