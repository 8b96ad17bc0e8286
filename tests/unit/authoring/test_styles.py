"""The names of other frameworks mean here what they mean there, or say what to use instead."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest

from runtime.authoring import App
from runtime.authoring.asking import Elicitation
from runtime.authoring.styles import awslabs, fastmcp, sdk
from runtime.authoring.styles.fastmcp import CurrentAccessToken, CurrentContext, Depends, FastMCP
from runtime.authoring.styles.forms import TypedForm
from runtime.testing import ToolFailed, client

TOKEN, CONTEXT = CurrentAccessToken(), CurrentContext()


def test_a_dependency_is_made_once_for_a_call_and_closed_after_it() -> None:
    log: list[str] = []
    mcp = FastMCP("x")

    @contextlib.contextmanager
    def connect() -> Iterator[str]:
        log.append("open")
        yield "db"
        log.append("close")

    def load(db: str = Depends(connect)) -> str:
        return f"users of {db}"

    @mcp.tool
    def show(name: str, db: str = Depends(connect), users: str = Depends(load)) -> str:
        """Show."""
        log.append("run")
        return f"{name} {db} {users}"

    with client(mcp) as c:
        assert c.call_tool("show", name="a").text == "a db users of db"
    assert log == ["open", "run", "close"]
    assert list(mcp.tools["show"].input_schema["properties"]) == ["name"]
    assert not mcp.tools["show"].signature.is_async


def test_an_async_dependency_serves_a_plain_tool() -> None:
    mcp = FastMCP("x")

    @contextlib.asynccontextmanager
    async def connect() -> AsyncIterator[str]:
        yield "db"

    async def load(db: str = Depends(connect)) -> str:
        return f"users of {db}"

    @mcp.tool
    def show(users: str = Depends(load)) -> str:
        """Show."""
        return users

    with client(mcp) as c:
        assert c.call_tool("show").text == "users of db"


def test_the_caller_is_known_anywhere_in_a_request() -> None:
    mcp = FastMCP("x")

    @mcp.tool
    def tell(token: Any = TOKEN, ctx: fastmcp.Context = CONTEXT) -> list[str]:
        """Tell."""
        deep = fastmcp.get_access_token()
        assert fastmcp.get_context().request_id == ctx.request_id
        return [token.client_id, deep.subject, ctx.subject, deep.claims["scope"], *token.scopes]

    with client(mcp, subject="ada", client_id="c", scopes=["read"]) as c:
        assert c.call_tool("tell").structured == {"result": ["c", "ada", "ada", "read", "read"]}
    with pytest.raises(RuntimeError, match="there is no request"):
        fastmcp.get_access_token()


def test_scopes_are_required_as_fastmcp_requires_them() -> None:
    mcp = FastMCP("x")

    @mcp.tool(auth=fastmcp.require_scopes("write"))
    def write() -> str:
        """Write."""
        return "done"

    with client(mcp, scopes=["read"]) as c:
        assert c.list_tools() == []


def test_a_moved_function_can_be_called_as_before() -> None:
    mcp = FastMCP("x")

    @mcp.tool
    def add(a: int, b: int = 2) -> int:
        """Add."""
        return a + b

    assert add(1) == 3
    assert mcp.add_tool(add) is add
    assert FastMCP("y", tools=[add, _nothing_known]).tools.keys() == {"add", "_nothing_known"}


def test_a_mounted_server_has_its_namespace_in_names_and_uris() -> None:
    inner, outer = FastMCP("inner"), FastMCP("outer")

    @inner.tool
    def act() -> str:
        """Act."""
        return "done"

    @inner.resource("data://{path*}")
    def read(path: str) -> str:
        """Read."""
        return path

    @inner.prompt("ask")
    def question() -> str:
        """Ask."""
        return "?"

    outer.mount(inner, namespace="in")
    outer.mount(inner)
    with client(outer) as c:
        assert [each["name"] for each in c.list_tools()] == ["in_act", "act"]
        assert [each["name"] for each in c.list_prompts()] == ["in_ask", "ask"]
        assert c.read_resource("data://in/a/b").text == "a/b"


@pytest.mark.parametrize("member", ["session", "get_state", "lifespan_context", "fastmcp", "headers"])
def test_a_member_of_the_context_that_is_not_here_names_what_is(member: str) -> None:
    mcp = FastMCP("x")

    @mcp.tool
    def act(ctx: fastmcp.Context) -> str:
        """Act."""
        with pytest.raises(AttributeError, match=rf"the context has no '{member}' here: (use|import) "):
            getattr(ctx, member)
        return "done"

    with client(mcp) as c:
        assert c.call_tool("act").text == "done"


def test_a_server_says_what_to_use_instead_of_what_it_does_not_have() -> None:
    with pytest.raises(TypeError, match=r"FastMCP has no 'lifespan': use functools\.cache"):
        FastMCP("x", lifespan=None)
    with pytest.raises(TypeError, match="MCPServer has no 'host': leave it out: the stack serves"):
        sdk.MCPServer("x", host="0.0.0.0")  # noqa: S104  # a keyword of the SDK
    with pytest.raises(TypeError, match="MCPLambdaHandler has no 'session_store': use a table"):
        awslabs.MCPLambdaHandler("x", session_store="sessions")
    with pytest.raises(AttributeError, match="FastMCP has no 'custom_route' here: use a tool"):
        FastMCP("x").custom_route("/health")
    with pytest.raises(AttributeError, match="has no 'handle_request' here: leave it out"):
        awslabs.MCPLambdaHandler("x").handle_request({}, None)
    with pytest.raises(RuntimeError, match="make up"):
        FastMCP("x").run(transport="http")
    assert isinstance(FastMCP("x", version="7"), App)


@dataclass
class Rating:
    stars: Literal[1, 2, 3]
    text: str | None = None


@pytest.mark.parametrize(
    ("kind", "rule", "given", "meant"),
    [
        (bool, {"type": "boolean"}, True, True),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}, "a", "a"),
        (["a", "b"], {"type": "string", "enum": ["a", "b"]}, "b", "b"),
        ([["a", "b"]], {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}, ["a"], ["a"]),
        ({"a": {"title": "A"}}, {"type": "string", "oneOf": [{"const": "a", "title": "A"}]}, "a", "a"),
        ([{"a": {"title": "A"}}], None, ["a"], ["a"]),
    ],
)
def test_a_question_may_have_a_plain_type_or_choices(kind: Any, rule: Any, given: Any, meant: Any) -> None:
    form = TypedForm(kind)
    if rule:
        assert form.schema == {"type": "object", "properties": {"value": rule}, "required": ["value"]}
    assert form.read({"value": given}) == meant


def test_a_question_may_have_a_class_and_leaves_out_what_is_optional() -> None:
    form = TypedForm(Rating)
    assert form.schema["properties"] == {"stars": {"type": "integer", "enum": [1, 2, 3]}, "text": {"type": "string"}}
    assert form.read({"stars": 2}) == Rating(2)


def test_a_resolver_of_the_sdk_asks_and_stops_the_call_without_an_answer() -> None:
    mcp = sdk.MCPServer("x")

    def ask(stars: int) -> sdk.Elicit[Rating]:
        return sdk.Elicit(f"Only {stars}?", Rating)

    @mcp.tool()
    def rate(stars: int, rating: Annotated[Rating, sdk.Resolve(ask)]) -> str:
        """Rate."""
        return f"{stars} {rating.stars}"

    with client(mcp, answers={"Only 1?": Elicitation("accept", {"stars": 3}), "Only 2?": Elicitation("decline")}) as c:
        assert c.call_tool("rate", stars=1).text == "1 3"
        with pytest.raises(ToolFailed, match="The user did not answer: decline"):
            c.call_tool("rate", stars=2)


async def _nothing() -> None: ...


def _nothing_known() -> str:
    """Know nothing."""
    return ""


def test_log_messages_and_progress_arrive_whether_awaited_or_not() -> None:
    mcp = sdk.MCPServer("x")

    @mcp.tool()
    async def act(ctx: sdk.Context) -> None:
        """Act."""
        ctx.info("plain")
        await ctx.log("error", {"a": 1}, logger_name="l")
        ctx.report_progress(1, 2)
        await _nothing()

    with client(mcp) as c:
        assert c.call_tool("act").content == []
        assert [(log.level, log.data) for log in c.logs] == [("info", "plain"), ("error", {"a": 1})]


def test_hints_and_content_have_their_other_names() -> None:
    hints = sdk.ToolAnnotations(title="T", readOnlyHint=True, open_world_hint=False)
    assert hints.to_wire() == {"title": "T", "readOnlyHint": True, "openWorldHint": False}
    with pytest.raises(TypeError, match="there is no hint 'readonly'"):
        sdk.ToolAnnotations(readonly=True)
    assert sdk.ImageContent(type="image", data="AA==", mimeType="image/gif").data == b"\0"
    assert fastmcp.Icon(src="s", mimeType="m").mime_type == "m"
    assert fastmcp.Message({"a": 1}).to_wire()["content"]["text"] == '{"a":1}'
    with pytest.raises(ValueError, match="state a path or data"):
        fastmcp.Image()
