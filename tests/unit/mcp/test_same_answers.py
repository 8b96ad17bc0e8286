"""The check in front of ``jsonschema`` changes no answer."""

import json
from collections.abc import Callable
from typing import Annotated, Any, Literal
from unittest.mock import PropertyMock, patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta

from runtime.authoring import tool
from runtime.validation.files import read_document
from runtime.validation.schemas import Schema
from tests.support.near_values import near_values
from tests.unit.mcp.conftest import MODERN, PREFIX, Server
from tests.unit.mcp.plain_members import named, plain


@tool
def book(
    room: Annotated[str, Meta(min_length=1, max_length=3)],
    minutes: Annotated[int, Meta(ge=15, le=480)] = 60,
    share: float = 0.5,
    layout: Literal["table", "rows"] | None = None,
) -> dict[str, str]:
    """Book a room."""
    return {"room": room, "minutes": repr(minutes), "share": repr(share), "layout": repr(layout)}


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(book, named, plain)


SOME = settings(
    max_examples=100, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
METHODS = ["tools/call", "tools/list", "resources/read", "prompts/get", "ping", "completion/complete"]
CAPABILITIES = {f"{PREFIX}protocolVersion": MODERN, f"{PREFIX}clientCapabilities": {}}


def messages(era: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for messages that are almost right."""
    return st.sampled_from(METHODS if era == "legacy" else METHODS[:4]).flatmap(
        lambda method: st.fixed_dictionaries(
            {
                "jsonrpc": st.sampled_from(["2.0", "2.0", "2.0", 2.0]),
                "id": st.sampled_from([1, "1", 1.0, True, None]),
                "method": st.just(method),
                "params": _params(era, method),
            }
        )
    )


def _params(era: str, method: str) -> st.SearchStrategy[Any]:
    near = near_values(read_document(f"mcp/{era}/{method}.json"))
    booking = st.fixed_dictionaries({"name": st.just("book"), "arguments": near_values(book.input_schema)})
    return st.one_of(near, booking) if method == "tools/call" else near


@pytest.mark.parametrize("era", ["legacy", MODERN])
def test_the_answer_is_the_same_with_and_without_the_check(server: Server, era: str) -> None:
    seen = set()

    @SOME
    @given(messages(era))
    def compare(message: dict[str, Any]) -> None:
        headers = _complete(message) if era == MODERN else {}
        checked = server.post(message, None, **headers)
        with patch.object(Schema, "accepts", PropertyMock(return_value=None)):
            judged = server.post(message, None, **headers)
        assert checked == judged
        seen.update(json.loads(checked["body"] or "{}"))

    compare()
    # Else nothing but errors, or no error, would have been compared.
    assert {"result", "error"} <= seen


def _complete(message: dict[str, Any]) -> dict[str, str]:
    """Add the metadata of 2026-07-28 to a message, and return its headers."""
    headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": message["method"]}
    if not isinstance(message["params"], dict):
        return headers
    message["params"] = {**message["params"], "_meta": CAPABILITIES}
    named = message["params"].get("name") or message["params"].get("uri")
    # A header has no line breaks, and nothing beyond Latin-1.
    return {**headers, "Mcp-Name": named} if isinstance(named, str) and named.isascii() else headers
