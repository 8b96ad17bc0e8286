"""What API Gateway itself answers: challenges, unknown paths, preflight."""

import pytest

from runtime.routes import ROUTES
from tests.e2e.conftest import Server, bearer

PATHS = sorted({route.path.replace("{clientId}", "abc") for route in ROUTES})


def challenge(server: Server, error: str = "") -> str:
    metadata = f"{server.url}/.well-known/oauth-protected-resource/mcp"
    return f'Bearer resource_metadata="{metadata}", scope="mcp"{error}'


def test_a_request_without_a_token_gets_the_complete_challenge(server: Server) -> None:
    """RFC 9728 5.1 and RFC 6750 3: no error code when no credentials were presented."""
    answer = server.rpc(None, {"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == challenge(server)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.json()["error"] == "invalid_token"


@pytest.mark.parametrize("authorization", ["Bearer x", "Bearer a.b.c", "Basic YTpi", "x"])
def test_a_bad_token_gets_the_challenge_with_invalid_token(server: Server, authorization: str) -> None:
    """RFC 6750 3.1."""
    headers = {"Authorization": authorization}
    answer = server.send("POST", "/mcp", headers=headers, json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == challenge(server, ', error="invalid_token"')
    assert answer.json()["error"] == "access_denied"
    # The second answer comes from the cache of the gateway.
    again = server.send("POST", "/mcp", headers=headers, json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert again.headers["WWW-Authenticate"] == answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", ["/", "/nowhere", "/mcp/deeper", "/clients", "/.well-known/nothing"])
def test_an_unknown_path_is_404_json(server: Server, path: str) -> None:
    answer = server.send("GET", path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES if route.method == "GET"} - {"/mcp"}))
def test_only_what_the_route_table_calls_cached_may_be_kept_by_an_edge(server: Server, path: str) -> None:
    """RFC 9111 5.2.2.9: public allows a cache to give the response to everybody."""
    answer = server.send("GET", path.replace("{clientId}", "abc"))
    is_cached = any(route.cached for route in ROUTES if route.path == path)
    assert answer.headers["Cache-Control"].startswith("public, max-age=") is is_cached
    assert not (is_cached and {"Set-Cookie", "Vary"} & answer.headers.keys())


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
def test_another_method_on_the_mcp_endpoint_is_405_with_a_good_token_and_401_without(
    server: Server, token: str, method: str
) -> None:
    answer = server.send(method, "/mcp", headers=bearer(token))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, GET")
    assert server.send(method, "/mcp").status_code == 401


def test_a_stream_that_no_request_has_left_is_405_with_a_good_token_and_401_without(server: Server, token: str) -> None:
    """2025-11-25, Streamable HTTP, Listening for Messages from the Server 3; and clients log in anew only on a 401."""
    answer = server.send("GET", "/mcp", headers={"Accept": "text/event-stream", **bearer(token)})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert server.send("GET", "/mcp", headers={"Accept": "text/event-stream"}).status_code == 401


@pytest.mark.parametrize("path", ["/dcr", "/token", "/clients/abc", "/.well-known/oauth-authorization-server"])
def test_another_method_on_an_open_path_is_405(server: Server, path: str) -> None:
    answer = server.send("PATCH", path)
    assert answer.status_code == 405
    assert answer.headers["Allow"]


PREFLIGHT = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES if route.page}))
def test_pages_are_not_for_other_sites(server: Server, path: str) -> None:
    """Fetch, CORS-preflight request: whatever is not allowed, a browser does not send."""
    answer = server.send("OPTIONS", path, headers=PREFLIGHT)
    assert answer.status_code == 405
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", sorted(set(PATHS) - {route.path for route in ROUTES if route.page}))
def test_every_path_but_those_of_pages_answers_a_preflight_without_a_token(server: Server, path: str) -> None:
    """Fetch, CORS-preflight request."""
    answer = server.send("OPTIONS", path, headers=PREFLIGHT)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "*, Authorization"
    allowed = {route.method for route in ROUTES if route.path.replace("{clientId}", "abc") == path}
    assert allowed <= set(answer.headers["Access-Control-Allow-Methods"].replace(" ", "").split(","))
