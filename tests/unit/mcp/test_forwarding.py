"""Tools in a function of their own: a client sees no difference."""

import itertools
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import pytest

from runtime.authoring import Context, ToolError, ToolResult, header, tool
from runtime.records.invocation import InvocationFailed, Reason
from tests.unit.conftest import Clock
from tests.unit.mcp.asking import CAN, MODEL, NAME, accept, careful, gather, greet, interview, patient
from tests.unit.mcp.conftest import Server, caller, events, result, text
from tests.unit.mcp.forwarding import LocalFunction, forwarding, remote

TASKS: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, **CAN}


def add(a: int, b: int = 1) -> dict[str, int]:
    """Add two numbers.

    Args:
        a: The first.
    """
    return {"sum": a + b}


def whoami(context: Context) -> dict[str, Any]:
    """Say who calls."""
    scopes = sorted(context.scopes)
    return {"who": [context.client_id, context.subject, context.request_id, context.protocol_version, *scopes]}


def report(context: Context, *, level: str = "info") -> str:
    """Report progress, and log."""
    context.progress(1, 3, "first")
    context.log({"step": 1}, level)  # type: ignore[arg-type]
    context.progress(float("nan"))
    return "reported"


def fail(how: str) -> str:
    """Fail in some way."""
    if how == "tool error":
        raise ToolError("no such ticket")
    if how == "exit":
        raise SystemExit(1)
    raise ValueError("secret detail")


def blocks() -> ToolResult:
    """Return content, structure and meta."""
    return ToolResult(["one", "two"], structured={"three": [3, None, "é"]}, meta={"example.com/x": 1})


async def region(name: Annotated[str, header("Region")]) -> str:
    """Return a region, from a coroutine."""
    return name


def leave(context: Context) -> str:
    """Ask, and go on as a task."""
    answer = context.elicit("Sure?", NAME, key="sure")
    context.detach()
    context.pause()
    return str(answer.content)


def tools(make: Callable[..., Any]) -> list[Any]:
    """Return all tools above, and those that ask, made by ``make``."""
    asking = [greet, interview, gather, careful, patient]
    plain = [make(function) for function in (add, whoami, report, fail, blocks, region)]
    scoped = make(add, name="scoped", scopes=["admin"])
    later = [make(leave, task="optional", detaches=True), make(add, name="later", task="required")]
    return [*plain, scoped, *later, *(make(asks.function) for asks in asking)]


class Talk:
    """The requests of one client, in either era."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def call(self, name: str, arguments: Mapping[str, Any] = {}, **more: Any) -> Any:
        """Call a tool as a modern client, which reads streams."""
        return self.shown(self.server.modern("tools/call", {"name": name, "arguments": arguments}, **more))

    def legacy(self, name: str, arguments: Mapping[str, Any] = {}, **more: Any) -> Any:
        headers = self.server.session(CAN)
        return self.shown(
            self.server.legacy("tools/call", {"name": name, "arguments": arguments}, headers=headers, **more)
        )

    def shown(self, answer: dict[str, Any]) -> Any:
        if answer["headers"]["Content-Type"] == "text/event-stream":
            return events(answer)
        return answer["statusCode"], answer["json"]


def lists(talk: Talk) -> Iterator[Any]:
    yield talk.shown(talk.server.modern("tools/list"))
    yield talk.shown(talk.server.modern("tools/list", authorizer=caller(scope="admin")))
    yield talk.shown(talk.server.modern("server/discover"))


def results(talk: Talk) -> Iterator[Any]:
    yield talk.call("add", {"a": 1})
    yield talk.legacy("add", {"a": 1})
    yield talk.call("blocks")
    yield talk.legacy("blocks")
    yield talk.call("whoami")
    yield talk.legacy("whoami")
    yield talk.call("region", {"name": "eu"}, headers={"Mcp-Param-Region": "eu"})


def errors(talk: Talk) -> Iterator[Any]:
    yield talk.call("add", {"a": "text"})
    yield talk.call("add", {"a": 1, "c": 2})
    yield talk.call("nothing")
    yield talk.call("scoped", {"a": 1})
    yield talk.call("later", {"a": 1})
    yield talk.call("region", {"name": "eu"}, headers={"Mcp-Param-Region": "us"})
    for how in ("tool error", "exit", "bug"):
        yield talk.call("fail", {"how": how})
        yield talk.legacy("fail", {"how": how})


def notices(talk: Talk) -> Iterator[Any]:
    meta = {"progressToken": 7, "io.modelcontextprotocol/logLevel": "info"}
    for level in ("debug", "info", "error"):
        params = {"name": "report", "arguments": {"level": level}}
        yield talk.shown(talk.server.modern("tools/call", {**params, "_meta": meta}))
        yield talk.shown(talk.server.modern("tools/call", params))
        yield talk.shown(talk.server.legacy("tools/call", {**params, "_meta": {"progressToken": "p"}}))
    talk.server.legacy("logging/setLevel", {"level": "error"})
    yield talk.shown(talk.server.legacy("tools/call", {"name": "report", "arguments": {"level": "warning"}}))
    yield talk.shown(talk.server.legacy("tools/call", {"name": "report", "arguments": {"level": "alert"}}))


def questions(talk: Talk) -> Iterator[Any]:
    """Multi round-trips: the client answers until there is a result."""
    given: dict[str, Any] = {"name": accept(name="Ann"), "step1": accept(name="Ann"), "step2": accept(color="red")}
    given |= {"user_name": accept(name="Ann"), "model": MODEL, "roots": {"roots": [{"uri": "file:///a"}]}}
    for name in ("greet", "interview", "gather", "patient"):
        params: dict[str, Any] = {"name": name, "_meta": {"progressToken": 1}}
        while True:
            answer = result(talk.server.modern("tools/call", params, capabilities=CAN))
            yield {key: value for key, value in answer.items() if key != "requestState"}
            if answer["resultType"] == "complete":
                break
            asked = answer.get("inputRequests", {})
            params |= {"requestState": answer["requestState"], "inputResponses": {key: given[key] for key in asked}}
    yield talk.call("greet")


def streams(talk: Talk) -> Iterator[Any]:
    """A legacy client answers with a POST of its own, and resumes the stream."""
    headers = talk.server.session(CAN)
    for name, answer in (
        ("greet", {"result": accept(name="Ann")}),
        ("careful", {"error": {"code": -1, "message": "No"}}),
    ):
        first = events(talk.server.legacy("tools/call", {"name": name}, headers=headers))
        yield first
        talk.server.post({"jsonrpc": "2.0", "id": first[-1]["data"]["id"], **answer}, **headers)
        yield events(
            talk.server.get(**{"Last-Event-ID": first[-1]["id"], "MCP-Protocol-Version": "2025-11-25", **headers})
        )


def tasks(talk: Talk) -> Iterator[Any]:
    """One task at once, and one that detaches after a question."""
    params: dict[str, Any] = {"name": "later", "arguments": {"a": 1}}
    started = result(talk.server.modern("tools/call", params, capabilities=TASKS))
    yield started
    yield talk.shown(talk.server.modern("tasks/get", {"taskId": started["taskId"]}, capabilities=TASKS))
    params = {"name": "leave"}
    asked = result(talk.server.modern("tools/call", params, capabilities=TASKS))
    params |= {"requestState": asked["requestState"], "inputResponses": {"sure": accept(name="Ann")}}
    started = result(talk.server.modern("tools/call", params, capabilities=TASKS))
    yield talk.shown(talk.server.modern("tasks/get", {"taskId": started["taskId"]}, capabilities=TASKS))


@pytest.fixture
def counted_ids(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the ids of tasks and exchanges count from the start again."""

    def restart() -> None:
        numbers = itertools.count(1)
        monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers)))

    return restart


@pytest.mark.parametrize("said", [lists, results, errors, notices, questions, streams, tasks])
def test_a_client_sees_no_difference(
    said: Callable[[Talk], Iterator[Any]], clock: Clock, serve: Callable[..., Server], counted_ids: Callable[[], None]
) -> None:
    counted_ids()
    here = list(said(Talk(serve(*tools(lambda function, **options: tool(**options)(function))))))
    counted_ids()
    there = list(said(Talk(forwarding(clock, *tools(remote)))))
    assert there == here


def test_the_tool_knows_how_long_the_server_can_wait(clock: Clock) -> None:
    left = []

    def look(context: Context) -> str:
        """Look at the time."""
        left.append(context.time_left)
        return "seen"

    for seconds in (5, 60):
        function = LocalFunction({"look": remote(look)}, seconds)
        server = forwarding(clock, remote(look), by=function)
        text(server.modern("tools/call", {"name": "look"}))
        assert function.calls[0]["request_id"]
    # The test server's invocations end after 60 seconds: see ``sender``.
    assert left[0] == 5
    assert left[1] <= 60


class Broken:
    """A function that gives no answer, or none that the server can read."""

    def __init__(self, answer: bytes | InvocationFailed) -> None:
        self._answer = answer
        self.count = 0

    def invoke(self, _payload: bytes) -> bytes:
        self.count += 1
        if isinstance(self._answer, InvocationFailed):
            raise self._answer
        return self._answer


FAILURES: dict[Reason, str] = {
    "arguments too large": "got too much to forward",
    "busy": "is busy",
    "crashed": "broke off",
    "missing": "does not exist",
    "out of memory": "ran out of memory",
    "refused": "may not call",
    "result too large": "result is too large",
    "timed out": "took too long",
    "unreachable": "the connection to its function broke off",
}


@pytest.mark.parametrize(("reason", "said"), FAILURES.items())
def test_a_function_without_an_answer_is_a_clear_error_of_its_tool(
    reason: Reason, said: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Broken(InvocationFailed(reason, "Traceback: token=hidden", "invocation-1"))
    answer = result(forwarding(clock, remote(add), by=broken).modern("tools/call", {"name": "add"}))
    assert answer["isError"] is True
    assert said in answer["content"][0]["text"]
    assert "hidden" not in str(answer)
    assert broken.count == 1
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    logged = vars(record)
    assert (logged["outcome"], logged["invocation_id"], logged["tool"]) == (reason, "invocation-1", "add")
    assert logged["request_id"] in answer["content"][0]["text"]


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"result": 1}', b'{"questions": {"a": {"method": 1}}}'])
def test_an_answer_that_is_none_is_an_error_of_its_tool(answer: bytes, clock: Clock) -> None:
    server = forwarding(clock, remote(add), by=Broken(answer))
    assert "broke off" in text(server.modern("tools/call", {"name": "add"}))


def test_a_function_of_another_version_may_lack_the_tool_or_need_more_scopes(clock: Clock) -> None:
    without = forwarding(clock, remote(add), by=LocalFunction({}))
    assert "no longer a tool" in text(without.modern("tools/call", {"name": "add", "arguments": {"a": 1}}))
    stricter = LocalFunction({"add": remote(add, scopes=["admin"])})
    refusing = forwarding(clock, remote(add), by=stricter)
    assert "needs other scopes" in text(refusing.modern("tools/call", {"name": "add", "arguments": {"a": 1}}))


def test_what_a_run_reports_and_returns_is_too_large_together(clock: Clock) -> None:
    def talk(context: Context) -> str:
        """Talk too much."""
        for number in range(6):
            context.progress(number, message="x" * 1_000_000)
        return "done"

    server = forwarding(clock, remote(talk))
    answer = server.modern("tools/call", {"name": "talk", "_meta": {"progressToken": 1}})
    assert "too large" in text(answer)
