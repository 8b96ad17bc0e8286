"""Resumed streams whose run fails: the request does not run again, and every resume gets the error."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, prompt, tool
from runtime.mcp.backchannel import LEASE_SECONDS
from tests.unit.conftest import Clock
from tests.unit.mcp.conftest import Server, events

ANYTHING = {"type": "object"}
runs: list[str] = []


@tool
def bulky(context: Context) -> str:
    """Ask, then answer at length."""
    runs.append("bulky")
    context.elicit("Sure?", ANYTHING)
    return "x" * 500_000


@tool
def loud(context: Context) -> str:
    """Ask, then log at length and ask again."""
    runs.append("loud")
    context.elicit("Sure?", ANYTHING)
    context.log("x" * 500_000)
    context.elicit("Really?", ANYTHING)
    return "done"


@tool
def broken(context: Context) -> str:
    """Ask, then ask what JSON cannot carry."""
    runs.append("broken")
    context.elicit("Sure?", ANYTHING)
    context.elicit("Really?", {"default": object()})
    return "done"


@prompt
def crashing(context: Context) -> str:
    """Ask, then fail."""
    runs.append("crashing")
    context.elicit("Sure?", ANYTHING)
    raise RuntimeError


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    runs.clear()
    return serve(bulky, loud, broken, crashing)


def answer_question(server: Server, method: str, name: str) -> str:
    """Call something, answer its question, and return the event id to resume from."""
    call = server.legacy(method, {"name": name}, id=7, headers=server.session({"elicitation": {}}))
    question = events(call)[-1]
    reply = {"jsonrpc": "2.0", "id": question["data"]["id"], "result": {"action": "accept", "content": {}}}
    assert server.post(reply)["statusCode"] == 202
    return str(question["id"])


def resume(server: Server, last: str) -> dict[str, Any]:
    return dict(events(server.get(**{"Last-Event-ID": last}))[-1]["data"])


def test_a_response_that_is_too_large_to_store_is_sent_once_and_does_not_run_again(
    server: Server, clock: Clock
) -> None:
    last = answer_question(server, "tools/call", "bulky")
    assert len(resume(server, last)["result"]["content"][0]["text"]) == 500_000
    clock.now += LEASE_SECONDS + 1
    again = resume(server, last)
    assert (again["id"], again["error"]["code"]) == (7, -32603)
    assert "too large" in again["error"]["message"]
    assert runs == ["bulky"] * 2


def test_questions_that_cannot_be_stored_are_not_asked(server: Server) -> None:
    last = answer_question(server, "tools/call", "loud")
    assert "too large" in resume(server, last)["error"]["message"]


@pytest.mark.parametrize(("method", "name"), [("prompts/get", "crashing"), ("tools/call", "broken")])
def test_a_run_that_fails_is_not_run_again(server: Server, clock: Clock, method: str, name: str) -> None:
    last = answer_question(server, method, name)
    failed = resume(server, last)
    assert failed["id"] == 7
    assert failed["error"]["code"] == -32603 if name == "crashing" else failed["result"]["isError"]
    clock.now += LEASE_SECONDS + 1
    assert resume(server, last) == failed
    assert runs == [name] * 2


@pytest.mark.parametrize("number", ["9" * 5000, "٣", "²", "-1", "", "1e3"])
def test_an_event_id_with_an_invalid_number_belongs_to_no_stream(server: Server, number: str) -> None:
    stream = answer_question(server, "tools/call", "bulky").rpartition("_")[0]
    assert server.get(**{"Last-Event-ID": f"{stream}_{number}"})["statusCode"] == 404
