"""The MCP endpoint over HTTP: origins, media types, streams and batches."""

from collections.abc import Callable

import pytest

from runtime.authoring import Context, tool
from runtime.http.errors import OriginForbidden
from runtime.http.event import Request
from runtime.mcp.origin import check_origin
from tests.unit.conftest import PUBLIC_URL
from tests.unit.mcp.conftest import INITIALIZE, MODERN, PREFIX, Server, events, result, text


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve()


@tool
def talkative(context: Context) -> str:
    """Log something."""
    context.log("something")
    return "said"


@tool
def curious(context: Context) -> str:
    """Ask something."""
    return context.elicit("Well?", {"type": "object"}).action


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://good.example.com", 200),
        (PUBLIC_URL, 200),
        ("https://evil.example.com", 403),
        ("http://localhost:6274", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_an_origin_that_is_not_allowed_is_refused(serve: Callable[..., Server], origin: str, status: int) -> None:
    """2026-07-28, Security & Endpoint 1."""
    server = serve(origins=("https://good.example.com",))
    assert server.post(PING, Origin=origin)["statusCode"] == status
    assert server.get(Origin=origin)["statusCode"] == (405 if status == 200 else 403)


@pytest.mark.parametrize(
    "origin", ["http://localhost:6274", "http://127.0.0.2", "http://app.localhost", "http://[::1]"]
)
def test_a_server_on_loopback_serves_every_origin_there(origin: str) -> None:
    """2026-07-28, Security & Endpoint 1: no foreign page has such an origin."""
    request = Request("POST", "/mcp", "request-1", {"origin": origin})
    check_origin(request, "http://localhost:8080", ())
    with pytest.raises(OriginForbidden):
        check_origin(request, PUBLIC_URL, ())


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "*/*;q=0", "image/*, application/jsonx"])
def test_a_client_that_reads_nothing_of_what_there_is_is_told_so(server: Server, accept: str) -> None:
    """RFC 9110 15.5.7."""
    assert server.post(PING, Accept=accept)["statusCode"] == 406


JSON, STREAM = "application/json", "text/event-stream"


@pytest.mark.parametrize(
    ("accept", "plain", "chatty"),
    [
        (f"{JSON}, {STREAM}", JSON, STREAM),
        ("Application/Json, Text/Event-Stream", JSON, STREAM),
        (f"{JSON};q=1.0, {STREAM};q=0.1", JSON, STREAM),
        (f"{JSON}, text/*", JSON, STREAM),
        (f"{JSON}, {STREAM};q=0", JSON, JSON),
        (f"*/*, {STREAM};q=0", JSON, JSON),
        (JSON, JSON, JSON),
        ("application/*", JSON, JSON),
        ("*/*", JSON, JSON),
        ("", JSON, JSON),
        (STREAM, STREAM, STREAM),
        ("TEXT/*", STREAM, STREAM),
        (f"{JSON};q=0, */*", STREAM, STREAM),
    ],
)
def test_an_answer_has_a_media_type_that_the_client_reads(
    serve: Callable[..., Server], accept: str, plain: str, chatty: str
) -> None:
    """RFC 9110 12.5.1. MCP has clients accept both, but some accept one: Java's SDK streams, Gemini CLI JSON."""
    server = serve(talkative)
    meta = {"_meta": {f"{PREFIX}logLevel": "info"}}
    answers = [server.legacy("ping", headers={"Accept": accept})]
    answers.append(server.modern("tools/call", {"name": "talkative", **meta}, headers={"Accept": accept}))
    for answer, kind in zip(answers, (plain, chatty), strict=True):
        assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, kind)
    assert result(answers[0]) == {}
    assert text(answers[1]) == "said"


def test_a_session_id_is_given_on_a_stream_too(server: Server) -> None:
    """2025-11-25, Session Management 1."""
    answer = server.legacy("initialize", INITIALIZE, headers={"Accept": STREAM})
    assert answer["headers"]["Content-Type"] == STREAM
    assert answer["headers"]["Mcp-Session-Id"]


@pytest.mark.parametrize("accept", ["TEXT/EVENT-STREAM", "text/*", "*/*", "application/json, */*;q=0.1"])
def test_who_reads_streams_can_be_asked(serve: Callable[..., Server], accept: str) -> None:
    server = serve(curious)
    headers = {**server.session({"elicitation": {}}), "Accept": accept}
    assert events(server.legacy("tools/call", {"name": "curious"}, headers=headers))[-1]["data"]["method"]


def test_a_stream_that_nobody_began_is_405_and_an_unknown_one_404(server: Server) -> None:
    """2025-11-25, Listening for Messages from the Server 3: 405 from a server that offers no stream here."""
    answer = server.get()
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "POST")
    assert server.get(**{"Last-Event-ID": "made-up_1"})["statusCode"] == 404
    assert server.get(**{"Last-Event-ID": "x" * 5000})["statusCode"] == 404
    assert server.get(**{"Last-Event-ID": "x_1", "MCP-Protocol-Version": MODERN})["statusCode"] == 405


def test_a_batch_is_answered_in_order_without_its_notifications(server: Server) -> None:
    """2025-03-26, Batching."""
    batch = [PING, {"jsonrpc": "2.0", "method": "notifications/initialized"}, {**PING, "id": 2, "method": "nope"}, 7]
    answers = server.post(batch)["json"]
    assert [answer.get("id") for answer in answers] == [1, 2, None]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, -32601, -32600]
    assert server.post([{"jsonrpc": "2.0", "method": "notifications/initialized"}])["statusCode"] == 202


def test_later_revisions_have_no_batches(server: Server) -> None:
    """2025-06-18 removed JSON-RPC batching."""
    answer = server.post([PING], **{"MCP-Protocol-Version": "2025-06-18"})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32600)
