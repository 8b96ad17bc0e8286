"""The MCP endpoint over HTTP: origins, media types, streams and batches."""

from collections.abc import Callable

import pytest

from runtime.errors import OriginForbidden
from runtime.event import Request
from runtime.mcp.origin import check_origin
from tests.unit.conftest import PUBLIC_URL
from tests.unit.mcp.conftest import MODERN, Server


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve()


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
    """2026-07-28, Security & Endpoint 1: no page of somebody else's has such an origin."""
    request = Request("POST", "/mcp", "request-1", {"origin": origin})
    check_origin(request, "http://localhost:8080", ())
    with pytest.raises(OriginForbidden):
        check_origin(request, PUBLIC_URL, ())


def test_a_client_that_does_not_accept_json_is_told_so(server: Server) -> None:
    assert server.post(PING, Accept="text/html")["statusCode"] == 406


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
