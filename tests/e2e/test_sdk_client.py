"""The official Python SDK's client, given nothing but the URL and a registered client's credentials, in both eras."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import mcp_types as types
import pytest
from mcp import Client
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.extension import ClaimContext, ClientExtension, ResultClaim
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from pydantic import FileUrl

from tests.e2e.app import app
from tests.e2e.conftest import Server

ERAS = ["legacy", "2026-07-28"]


class Memory:
    """Token storage for one client."""

    def __init__(self) -> None:
        self.tokens: Any = None
        self.client_info: Any = None

    async def get_tokens(self) -> Any:
        return self.tokens

    async def set_tokens(self, tokens: Any) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> Any:
        return self.client_info

    async def set_client_info(self, client_info: Any) -> None:
        self.client_info = client_info


@asynccontextmanager
async def connected(server: Server, mode: str, **options: Any) -> AsyncIterator[Client]:
    """A client that finds the authorization server from the challenge and logs in with its credentials."""
    registered = server.register()
    provider = ClientCredentialsOAuthProvider(
        f"{server.url}/mcp", Memory(), registered["client_id"], registered["client_secret"], issuer=server.url
    )
    async with create_mcp_http_client(auth=provider) as http:
        transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
        async with Client(transport, mode=mode, read_timeout_seconds=30, **options) as client:
            yield client


async def answer_form(_context: Any, params: Any) -> types.ElicitResult:
    """A user who fills in every form."""
    return types.ElicitResult(action="accept", content={"name": "Ada"})


async def answer_prompt(_context: Any, params: Any) -> types.CreateMessageResult:
    """A model that knows one answer."""
    content = types.TextContent(type="text", text="Paris")
    return types.CreateMessageResult(role="assistant", content=content, model="test")


async def answer_roots(_context: Any) -> types.ListRootsResult:
    """A client with one root."""
    return types.ListRootsResult(roots=[types.Root(uri=FileUrl("file:///work"))])


def text(result: types.CallToolResult) -> str:
    block = result.content[0]
    assert isinstance(block, types.TextContent)
    return block.text


@pytest.mark.parametrize("mode", ["auto", *ERAS])
def test_the_client_logs_in_and_uses_every_feature(feature_server: Server, mode: str) -> None:
    async def use() -> None:
        async with connected(feature_server, mode) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == list(app.tools)
            assert text(await client.call_tool("add", {"a": 2, "b": 3})) == "5"
            described = (await client.call_tool("describe")).structured_content
            assert described["revision"] == ("2025-11-25" if mode == "legacy" else "2026-07-28")
            assert (await client.call_tool("add", {"a": "x"})).is_error
            [read] = (await client.read_resource("test://greeting/ada")).contents
            assert isinstance(read, types.TextResourceContents)
            assert read.text == "hello ada"
            templates = (await client.list_resource_templates()).resource_templates
            assert [template.uri_template for template in templates] == ["test://greeting/{name}"]
            prompt = (await client.get_prompt("summarize", {"topic": "lambda"})).messages[0].content
            assert isinstance(prompt, types.TextContent)
            assert prompt.text == "Summarize lambda."
            reference = types.PromptReference(type="ref/prompt", name="summarize")
            completed = await client.complete(reference, {"name": "topic", "value": "lat"})
            assert completed.completion.values == ["latency"]
            with pytest.raises(MCPError):
                await client.call_tool("no_such_tool")

    asyncio.run(use())


@pytest.mark.parametrize("mode", ERAS)
def test_the_client_is_told_what_a_tool_could_not_make(feature_server: Server, mode: str) -> None:
    """The client validates structured content against the listed schema, and throws where that does not conform."""

    async def use() -> None:
        async with connected(feature_server, mode) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert (listed["average"].description or "").endswith("Returns:\n    The mean.")
            good = await client.call_tool("average", {"numbers": [1, 2], "unit": None, "within": [1, "x"]})
            assert (good.is_error, good.structured_content) == (False, {"mean": 1.5})
            bad = await client.call_tool("average", {"numbers": []})
            assert bad.is_error
            assert "/mean is not a finite number" in text(bad)
            assert (await client.call_tool("leave")).is_error
            named = await client.call_tool("name_file")
            assert named.is_error
            assert "is not valid Unicode" in text(named)

    asyncio.run(use())


@pytest.mark.parametrize("mode", ERAS)
def test_the_same_tool_asks_a_user_in_both_eras(feature_server: Server, mode: str) -> None:
    async def use() -> None:
        seen: list[tuple[float, str | None]] = []

        async def progressed(progress: float, total: float | None, message: str | None) -> None:
            seen.append((progress, message))

        async with connected(feature_server, mode, elicitation_callback=answer_form) as client:
            assert text(await client.call_tool("greet", progress_callback=progressed)) == "Hello, Ada!"
        assert seen[:1] == [(1, "asking")]
        assert set(seen) <= {(1, "asking"), (2, "greeting")}

    asyncio.run(use())


@pytest.mark.parametrize("mode", ERAS)
def test_the_same_tool_asks_a_model_and_for_roots_in_both_eras(feature_server: Server, mode: str) -> None:
    async def use() -> None:
        callbacks = {"sampling_callback": answer_prompt, "list_roots_callback": answer_roots}
        async with connected(feature_server, mode, **callbacks) as client:
            result = await client.call_tool("consult", {"question": "Capital of France?"})
            assert text(result) == "Paris in file:///work"

    asyncio.run(use())


@pytest.mark.parametrize("mode", ERAS)
def test_a_client_that_cannot_be_asked_is_told_what_is_missing(feature_server: Server, mode: str) -> None:
    async def use() -> None:
        async with connected(feature_server, mode, sampling_callback=answer_prompt) as client:
            if mode == "legacy":
                assert (await client.call_tool("greet")).is_error
            else:
                with pytest.raises(MCPError) as refused:
                    await client.call_tool("greet")
                assert refused.value.error.code == -32021

    asyncio.run(use())


class Created(types.Result):
    """The ``CreateTaskResult`` of the tasks extension, as far as this client needs it."""

    result_type: Literal["task"] = "task"
    task_id: str


class TaskParams(types.RequestParams):
    task_id: str
    input_responses: dict[str, Any] | None = None


class GetTask(types.Request[TaskParams, Literal["tasks/get"]]):
    name_param = "taskId"
    method: Literal["tasks/get"] = "tasks/get"
    params: TaskParams


class UpdateTask(types.Request[TaskParams, Literal["tasks/update"]]):
    name_param = "taskId"
    method: Literal["tasks/update"] = "tasks/update"
    params: TaskParams


class Detailed(types.Result):
    """The ``DetailedTask`` of the tasks extension."""

    status: str
    result: dict[str, Any] | None = None
    pending: dict[str, Any] | None = None


@dataclass
class Tasks(ClientExtension):
    """The tasks extension on the SDK's own extension interface: polls, answers forms, returns the result."""

    identifier: str = "io.modelcontextprotocol/tasks"

    def claims(self) -> Sequence[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=Created, resolve=self.resolve)]

    async def resolve(self, created: Created, context: ClaimContext) -> types.CallToolResult:
        params = TaskParams(task_id=created.task_id)
        for _ in range(100):
            task = await context.session.send_request(GetTask(params=params), Detailed)
            if task.status == "completed":
                return types.CallToolResult.model_validate(task.result)
            if task.status == "input_required":
                answers = {"question-1": {"action": "accept", "content": {"name": "Ada"}}}
                given = TaskParams(task_id=created.task_id, input_responses=answers)
                await context.session.send_request(UpdateTask(params=given), types.EmptyResult)
            await asyncio.sleep(0.2)
        raise AssertionError(f"the task is still {task.status}")


def test_a_task_is_polled_answered_and_completed(feature_server: Server) -> None:
    async def use() -> None:
        options = {"extensions": [Tasks()], "elicitation_callback": answer_form}
        async with connected(feature_server, "2026-07-28", **options) as client:
            assert text(await client.call_tool("compute")) == "computed for Ada"

    asyncio.run(use())
