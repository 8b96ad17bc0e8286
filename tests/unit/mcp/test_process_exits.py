"""An exception that would end the process ends the call only: the process serves other requests next."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from runtime.authoring import ClientRefused, Context, ToolError, completion, prompt, resource, tool
from tests.unit.mcp.conftest import Server, events, result, text

ERAS = pytest.mark.parametrize("era", ["modern", "legacy"])
FORM = {"type": "object", "properties": {"a": {"type": "string"}}}


class Halt(BaseException):
    """A library's own way to stop."""


class Unspeakable(ToolError):
    """An error that has no words."""

    def __str__(self) -> str:
        raise SystemExit(3)


class Mute(ClientRefused):
    """An error whose words fail."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


ENDS: dict[str, BaseException] = {
    "exit": SystemExit(2),
    "interrupt": KeyboardInterrupt(),
    "generator": GeneratorExit(),
    "cancelled": asyncio.CancelledError(),
    "halt": Halt("now"),
    "group": BaseExceptionGroup("several", [SystemExit(1)]),
    "recursion": RecursionError(),
    "memory": MemoryError(),
    "stop": StopIteration(1),
    "unspeakable": Unspeakable(),
    "mute": Mute(),
}


@dataclass(frozen=True)
class Strict:
    """An argument that does not like to be made."""

    kind: str

    def __post_init__(self) -> None:
        raise ENDS[self.kind]


@tool(task="optional")
def end(kind: str) -> str:
    """End."""
    raise ENDS[kind]


@tool
async def end_later(kind: str) -> str:
    """End in a coroutine."""
    await asyncio.sleep(0)
    raise ENDS[kind]


@tool
def end_early(strict: Strict) -> str:
    """End before it begins."""
    return strict.kind


@tool
def parse(line: str) -> str:
    """Parse a command line."""
    parser = argparse.ArgumentParser(exit_on_error=True)
    parser.add_argument("--number", type=int, required=True)
    return str(parser.parse_args(line.split()).number)


@tool
def ask_then_end(context: Context) -> str:
    """Ask, and end on the way back."""
    context.elicit("Name?", FORM)
    sys.exit("bye")


@resource("test://end/{kind}")
def end_resource(kind: str) -> str:
    """End."""
    raise ENDS[kind]


@prompt
def end_prompt(kind: str) -> str:
    """End."""
    raise ENDS[kind]


@completion(end_prompt, "kind")
def end_completion(value: str) -> Iterator[str]:
    """End while the suggestions are counted."""
    yield "first"
    raise ENDS[value]


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(end, end_later, end_early, parse, ask_then_end, end_resource, end_prompt, end_completion)


@ERAS
@pytest.mark.parametrize("name", ["end", "end_later"])
def test_a_tool_that_ends_the_process_has_failed(server: Server, era: str, name: str) -> None:
    """MCP, Tools, Error Handling: an error result. Nothing reaches the process."""
    for kind in ENDS:
        answer = getattr(server, era)("tools/call", {"name": name, "arguments": {"kind": kind}})
        assert result(answer)["isError"] is True, kind
        assert text(answer), kind


@ERAS
def test_so_has_one_whose_argument_does_while_it_is_made(server: Server, era: str) -> None:
    for kind in ENDS:
        answer = getattr(server, era)("tools/call", {"name": "end_early", "arguments": {"strict": {"kind": kind}}})
        assert result(answer)["isError"] is True, kind


def test_a_command_line_that_is_wrong_is_an_error_result(server: Server) -> None:
    answer = server.modern("tools/call", {"name": "parse", "arguments": {"line": "--number x"}})
    assert result(answer)["isError"] is True
    assert text(server.modern("tools/call", {"name": "parse", "arguments": {"line": "--number 5"}})) == "5"


def test_a_task_that_ends_its_worker_completes_with_an_error_result(server: Server) -> None:
    can: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
    for kind in ENDS:
        started = result(server.modern("tools/call", {"name": "end", "arguments": {"kind": kind}}, capabilities=can))
        task = result(server.modern("tasks/get", {"taskId": started["taskId"]}, capabilities=can))
        assert (task["status"], task["result"]["isError"]) == ("completed", True), kind


def test_a_resumed_run_that_ends_the_process_has_failed_too(server: Server) -> None:
    session = server.session({"elicitation": {}})
    question = events(server.legacy("tools/call", {"name": "ask_then_end"}, id=7, headers=session))[-1]
    accepted = {"jsonrpc": "2.0", "id": question["data"]["id"], "result": {"action": "accept", "content": {}}}
    assert server.post(accepted, **session)["statusCode"] == 202
    (answer,) = events(server.get(**session, **{"Last-Event-ID": question["id"]}))
    assert answer["data"]["result"]["isError"] is True


@ERAS
@pytest.mark.parametrize("method", ["resources/read", "prompts/get", "completion/complete"])
def test_elsewhere_it_is_a_json_rpc_error(server: Server, era: str, method: str) -> None:
    """JSON-RPC 2.0 5.1: -32603, with the id of the request."""
    for kind in ENDS:
        params: dict[str, dict[str, Any]] = {
            "resources/read": {"uri": f"test://end/{kind}"},
            "prompts/get": {"name": "end_prompt", "arguments": {"kind": kind}},
            "completion/complete": {
                "ref": {"type": "ref/prompt", "name": "end_prompt"},
                "argument": {"name": "kind", "value": kind},
            },
        }
        answer = getattr(server, era)(method, params[method], id=4)
        assert (answer["statusCode"], answer["json"]["id"], answer["json"]["error"]["code"]) == (200, 4, -32603), kind
        assert answer["json"]["error"]["message"], kind


def test_a_tool_may_still_ask_and_detach_though_these_are_no_exceptions(server: Server) -> None:
    """The two that the runtime raises itself pass: they end a run that continues later."""
    asked = result(server.modern("tools/call", {"name": "ask_then_end"}, capabilities={"elicitation": {}}))
    assert asked["resultType"] == "input_required"
