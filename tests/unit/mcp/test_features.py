"""Tools, resources, prompts, completion, headers, pages, scopes and notifications."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import tool
from tests.unit.conftest import Clock
from tests.unit.mcp.conftest import PREFIX, Server, caller, events, result, text
from tests.unit.mcp.features import FEATURES, PNG, explicit


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(*FEATURES)


def test_a_tool_is_listed_with_all_its_options(server: Server) -> None:
    shown = result(server.legacy("tools/list"))["tools"][0]
    assert shown == {
        "name": "everything",
        "title": "Everything",
        "description": "Show every kind of content.",
        "inputSchema": {
            "type": "object",
            "properties": {"subject": {"type": "string", "description": "What it is about."}},
            "required": ["subject"],
            "additionalProperties": False,
        },
        "annotations": {"readOnlyHint": True, "openWorldHint": False},
        "icons": [{"src": "https://example.com/i.png", "mimeType": "image/png", "sizes": ["48x48"]}],
        "_meta": {"example.com/x": 1},
    }


def test_every_kind_of_content_has_its_wire_form(server: Server) -> None:
    content = result(server.legacy("tools/call", {"name": "everything", "arguments": {"subject": "s"}}))["content"]
    assert content == [
        {"type": "text", "text": "s", "annotations": {"audience": ["user"], "priority": 0.5}},
        {"type": "image", "data": base64.b64encode(PNG).decode(), "mimeType": "image/png"},
        {"type": "audio", "data": base64.b64encode(b"RIFF").decode(), "mimeType": "audio/wav"},
        {"type": "resource", "resource": {"uri": "test://e", "mimeType": "text/plain", "text": "embedded"}},
        {"type": "resource_link", "uri": "test://l", "name": "link"},
    ]


def test_a_stated_schema_is_listed_and_enforced(server: Server) -> None:
    shown = {tool["name"]: tool for tool in result(server.legacy("tools/list"))["tools"]}
    assert shown["explicit"]["inputSchema"] == explicit.input_schema
    good = result(server.legacy("tools/call", {"name": "explicit", "arguments": {"a": 1}}))
    assert good["structuredContent"] == {"a": 1}
    assert good["content"] == [{"type": "text", "text": '{"a":1}'}]
    assert text(server.legacy("tools/call", {"name": "explicit", "arguments": {"a": 2}})).startswith(
        "Invalid arguments: /a"
    )


def test_a_result_that_breaks_its_output_schema_is_an_error(server: Server) -> None:
    """2025-11-25, Output Schema: servers MUST provide structured results that conform to it."""
    assert result(server.legacy("tools/call", {"name": "liar"}))["isError"] is True


def test_log_messages_are_sent_at_the_level_that_a_request_asks_for(server: Server) -> None:
    """2026-07-28, Logging: none without a level in ``_meta``."""
    assert server.modern("tools/call", {"name": "chatty"})["json"] is not None
    meta = {"_meta": {f"{PREFIX}logLevel": "info"}}
    sent = events(server.modern("tools/call", {"name": "chatty", **meta}))
    assert [event["data"]["params"]["data"] for event in sent[:-1]] == ["at info", "at error"]
    assert sent[0]["data"]["params"] == {"level": "info", "data": "at info", "logger": "chatty"}
    assert "id" not in sent[0]


def test_a_legacy_client_sets_its_level(server: Server, clock: Clock) -> None:
    """2025-11-25, Logging, Setting Log Level."""
    assert result(server.legacy("logging/setLevel", {"level": "error"})) == {}
    sent = events(server.legacy("tools/call", {"name": "chatty"}))
    assert [event["data"]["params"]["data"] for event in sent[:-1]] == ["at error"]
    other = events(server.legacy("tools/call", {"name": "chatty"}, authorizer=caller("client-2")))
    assert [event["data"]["params"]["data"] for event in other[:-1]] == ["at info", "at error"]
    answer = server.legacy("logging/setLevel", {"level": "loud"})
    assert answer["json"]["error"]["code"] == -32602


def test_progress_is_reported_to_a_client_that_asks(server: Server) -> None:
    meta = {"_meta": {"progressToken": 0, f"{PREFIX}logLevel": "emergency"}}
    (progress, final) = events(server.modern("tools/call", {"name": "chatty", **meta}))
    assert progress["data"]["params"] == {"progressToken": 0, "progress": 0.5, "total": 1, "message": "half"}
    assert final["data"]["result"]["content"][0]["text"] == "20"


def test_without_a_stream_the_answer_comes_alone(server: Server) -> None:
    meta = {"_meta": {"progressToken": 0}}
    answer = server.modern("tools/call", {"name": "chatty", **meta}, headers={"Accept": "application/json"})
    assert answer["json"]["result"]["isError"] is False


@pytest.mark.parametrize(
    ("arguments", "headers", "status"),
    [
        ({"region": "eu"}, {"Mcp-Param-Region": "eu"}, 200),
        ({"region": "eu"}, {"mcp-param-region": " eu "}, 200),
        ({"region": "eu", "shard": 42}, {"Mcp-Param-Region": "eu", "Mcp-Param-Shard": "42.0"}, 200),
        ({"region": "日本"}, {"Mcp-Param-Region": "=?base64?5pel5pys?="}, 200),
        ({"region": "eu"}, {}, 400),
        ({"region": "eu"}, {"Mcp-Param-Region": "us"}, 400),
        ({"region": "eu"}, {"Mcp-Param-Region": "EU"}, 400),
        ({"region": "eu"}, {"Mcp-Param-Region": "eu", "Mcp-Param-Shard": "1"}, 400),
        ({"region": "eu", "shard": 1}, {"Mcp-Param-Region": "eu", "Mcp-Param-Shard": "one"}, 400),
        ({"region": "eu", "shard": 42}, {"Mcp-Param-Region": "eu", "Mcp-Param-Shard": "4_2"}, 400),
        ({"region": "eu", "shard": 42}, {"Mcp-Param-Region": "eu", "Mcp-Param-Shard": "=?base64?2aTZog==?="}, 400),
        ({"region": "eu"}, {"Mcp-Param-Region": "=?base64?!!!?="}, 400),
        ({"region": "é"}, {"Mcp-Param-Region": "é"}, 400),
    ],
)
def test_headers_must_repeat_the_arguments_they_are_declared_for(
    server: Server, arguments: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    """2026-07-28, Server Behavior for Custom Headers."""
    answer = server.modern("tools/call", {"name": "routed", "arguments": arguments}, headers=headers)
    assert answer["statusCode"] == status
    if status == 400:
        assert answer["json"]["error"]["code"] == -32020


def test_a_name_in_base64_is_decoded_before_it_is_compared(server: Server) -> None:
    """2026-07-28, Value Encoding."""
    headers = {"Mcp-Name": f"=?base64?{base64.b64encode(b'chatty').decode()}?="}
    assert server.modern("tools/call", {"name": "chatty"}, headers=headers)["statusCode"] == 200
    assert server.modern("tools/call", {"name": "chatty"}, headers={"Mcp-Name": "=?base64?x?="})["statusCode"] == 400


def test_resources_may_be_binary_and_templates_are_listed_apart(server: Server) -> None:
    assert [shown["uri"] for shown in result(server.legacy("resources/list"))["resources"]] == ["test://image"]
    templates = result(server.modern("resources/templates/list"))
    assert [shown["uriTemplate"] for shown in templates["resourceTemplates"]] == [
        "test://users/{user}/{+path}",
        "test://search{?q,limit}",
    ]
    assert (templates["ttlMs"], templates["cacheScope"]) == (300_000, "private")
    read = result(server.modern("resources/read", {"uri": "test://image"}))
    assert read["contents"] == [
        {"uri": "test://image", "mimeType": "image/png", "blob": base64.b64encode(PNG).decode()}
    ]


@pytest.mark.parametrize(
    ("uri", "content"),
    [
        ("test://users/ada%20l/a/b.txt", '{"user":"ada l","path":"a/b.txt"}'),
        ("test://search?q=a%26b&limit=3", "a&b:3"),
        ("test://search", ":10"),
        ("test://search?limit=many", None),
        ("test://users/ada/", None),
        ("test://users/..%2Fetc/x", None),
        ("test://users/../x", None),
        ("test://users/%2E%2e/x", None),
        ("test://users/./x", None),
        ("test://users/.../x", '{"user":"...","path":"x"}'),
        ("test://users/ada/../x", '{"user":"ada","path":"../x"}'),
        ("test://users//x", None),
    ],
)
def test_a_uri_is_matched_against_the_templates(server: Server, uri: str, content: str | None) -> None:
    """RFC 6570, read backwards."""
    answer = server.modern("resources/read", {"uri": uri})
    if content is None:
        assert answer["json"]["error"]["code"] == -32602
        assert answer["json"]["error"]["data"]["uri"] == uri
    else:
        assert result(answer)["contents"][0]["text"] == content


def test_prompts_are_listed_and_filled_in(server: Server) -> None:
    (shown,) = result(server.legacy("prompts/list"))["prompts"]
    assert shown["arguments"] == [
        {"name": "language", "description": "The language of the code.", "required": True},
        {"name": "style", "required": False},
    ]
    got = result(server.modern("prompts/get", {"name": "review", "arguments": {"language": "python"}}))
    assert got["description"] == "Review code."
    assert [message["role"] for message in got["messages"]] == ["user", "assistant", "user"]
    assert got["messages"][2]["content"] == {"type": "text", "text": "python short"}
    assert server.legacy("prompts/get", {"name": "review"})["json"]["error"]["data"]["pointer"] == (
        "/params/arguments/language"
    )
    assert server.legacy("prompts/get", {"name": "nope"})["json"]["error"]["code"] == -32602


def test_completion_suggests_at_most_a_hundred_values(server: Server) -> None:
    """2025-11-25, Completion, Completion Results."""
    ask = {"ref": {"type": "ref/prompt", "name": "review"}, "argument": {"name": "language", "value": "py"}}
    assert result(server.legacy("completion/complete", ask))["completion"]["values"] == ["python"]
    ask["argument"]["value"] = "p"
    found = result(server.modern("completion/complete", ask))["completion"]
    assert (len(found["values"]), found["total"], found["hasMore"]) == (100, 152, True)
    ask["argument"]["name"] = "style"
    assert result(server.legacy("completion/complete", ask))["completion"]["values"] == []
    template = {"type": "ref/resource", "uri": "test://users/{user}/{+path}"}
    ask = {"ref": template, "argument": {"name": "user", "value": "ada"}}
    assert result(server.legacy("completion/complete", ask))["completion"]["values"] == ["ada@client-1"]
    ask["ref"]["uri"] = "test://nowhere"
    assert server.legacy("completion/complete", ask)["json"]["error"]["code"] == -32602


def numbered(number: int) -> Any:
    def function() -> str:
        """Do nothing."""
        return str(number)

    return tool(name=f"tool-{number:04}")(function)


def test_long_lists_come_in_pages_with_cursors_that_cannot_be_made_up(
    serve: Callable[..., Server], clock: Clock
) -> None:
    """2025-11-25, Pagination."""
    server = serve(*(numbered(number) for number in range(1100)))
    names: list[str] = []
    cursor: str | None = None
    pages = 0
    while cursor or not pages:
        listed = result(server.legacy("tools/list", {"cursor": cursor} if cursor else {}))
        names += [shown["name"] for shown in listed["tools"]]
        last, cursor = cursor, listed.get("nextCursor")
        pages += 1
    assert (pages, names) == (3, [f"tool-{number:04}" for number in range(1100)])
    assert last is not None
    for bad, authorizer in ((last[:-1] + "A", None), (last, caller("eve")), ("", None)):
        answer = server.legacy("tools/list", {"cursor": bad}, authorizer=authorizer)
        assert answer["json"]["error"]["code"] == -32602
    assert server.legacy("resources/list", {"cursor": last})["json"]["error"]["code"] == -32601
    clock.now += 24 * 3600
    assert server.legacy("tools/list", {"cursor": last})["json"]["error"]["code"] == -32602


def test_subscriptions_are_accepted_for_what_is_there_and_not_announced(server: Server) -> None:
    announced = result(
        server.legacy(
            "initialize",
            {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
        )
    )["capabilities"]
    assert announced["resources"] == {}
    for method in ("resources/subscribe", "resources/unsubscribe"):
        assert result(server.legacy(method, {"uri": "test://image"})) == {}
        assert server.legacy(method, {"uri": "test://nowhere"})["json"]["error"]["code"] == -32002
