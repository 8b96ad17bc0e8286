"""What the edge and API Gateway do to requests and responses, seen from a client of the deployed stack."""

import json
import secrets
import socket
from collections import Counter
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from local import stack
from local.edge.rules import MAX_HEADER_BYTES
from local.edge.settings import Settings
from tests.e2e.conftest import RENAMED_CHALLENGE, Server, basic, bearer
from tests.support.names import PREFIX

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
FORM = "application/x-www-form-urlencoded"
# Linux routes all of 127.0.0.0/8 to this machine.
ANOTHER_ADDRESS = "127.0.0.2"


@pytest.fixture
def behind(server: Server) -> Settings:
    """Where the stage is, for somebody who goes around the edge."""
    return stack.find_running(server.directory).edge


def around(settings: Settings, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    """Send a request to the stage itself. Return the status, the headers and the body of the response."""
    connection = HTTPConnection("127.0.0.1", settings.port, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, f"/{settings.stage}{path}", headers={**sent, "Host": settings.host})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def test_a_client_sees_the_challenge_of_the_gateway_and_not_that_of_a_function(server: Server) -> None:
    assert "WWW-Authenticate" in server.rpc(None, PING).headers
    refused = server.send("POST", "/token", headers={"Content-Type": FORM, **basic("nobody", "wrong")})
    assert refused.status_code == 401
    assert "WWW-Authenticate" not in refused.headers
    assert refused.headers[RENAMED_CHALLENGE]


@pytest.mark.parametrize("key", [{}, {"x_api_key": "a-key-that-somebody-made-up"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/token"), ("POST", "/dcr"), ("GET", "/authorize"), ("OPTIONS", "/mcp"), ("GET", "/style.css")],
)
def test_nobody_goes_around_the_edge(behind: Settings, key: dict[str, str], method: str, path: str) -> None:
    status, headers, body = around(behind, method, path, **key)
    assert (status, body["error"]) == (403, "access_denied")
    assert "www-authenticate" not in headers


def test_around_the_edge_a_token_is_checked_before_the_key(behind: Settings, token: str) -> None:
    """API Gateway runs the authorizer first, so only a good token gets as far as the key."""
    assert around(behind, "POST", "/mcp")[0] == 401
    assert around(behind, "POST", "/mcp", Authorization="Bearer bad")[0] == 401
    status, headers, _ = around(behind, "POST", "/mcp", Authorization=f"Bearer {token}")
    assert status == 403
    assert "www-authenticate" not in headers


@pytest.mark.parametrize("key", [{}, {"x_api_key": "a-key-that-somebody-made-up"}])
def test_around_the_edge_a_forged_header_does_not_move_the_address_of_a_denied_request(
    server: Server, behind: Settings, key: dict[str, str]
) -> None:
    """The authorizer runs before the key is checked. API Gateway appends the address that connected to it."""
    forged = {"X_Forwarded_For": f"203.0.113.9, {ANOTHER_ADDRESS}"}
    # API Gateway would answer a token that it knows from its cache.
    token = f"Bearer {secrets.token_urlsafe(16)}"
    before = _networks_of_denials(server)
    status, _, _ = around(behind, "POST", "/mcp", Authorization=token, **forged, **key)
    assert status == 401
    # Other tests of this stack are denied tokens too, from other addresses.
    assert _networks_of_denials(server)[f"{ANOTHER_ADDRESS}/32"] == before[f"{ANOTHER_ADDRESS}/32"] + 1
    assert "203.0.113.9/32" not in _networks_of_denials(server)


def _networks_of_denials(server: Server) -> Counter[str]:
    """Return what the authorizer has logged. The emulator tells it no request id to look for."""
    logs = server.client_of("logs")
    [group] = logs.describe_log_groups(logGroupNamePrefix=f"{PREFIX}-authorizer")["logGroups"]
    found = logs.filter_log_events(logGroupName=group["logGroupName"])
    lines = [event["message"] for event in found["events"] if '"network"' in event["message"]]
    return Counter(json.loads(line)["network"] for line in lines)


def test_a_key_that_a_client_sends_changes_nothing(server: Server, token: str) -> None:
    for headers in ({}, {"x-api-key": "a-key-that-somebody-made-up"}):
        assert server.rpc(token, PING, **headers).status_code == 200


@pytest.mark.parametrize("path", ["/mcp", "/token", "/nowhere"])
def test_more_headers_than_api_gateway_takes_are_431(server: Server, path: str) -> None:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    connection.request("GET", path, headers={"X-Many": "x" * MAX_HEADER_BYTES})
    assert connection.getresponse().status == 431
    connection.close()


def test_a_cached_document_is_the_same_whatever_a_client_sends(server: Server) -> None:
    plain = server.send("GET", "/.well-known/oauth-authorization-server")
    noisy = server.send(
        "GET", "/.well-known/oauth-authorization-server?a=1", headers={"Cookie": "a=1", **bearer("x"), "Accept": "a/b"}
    )
    assert (noisy.status_code, noisy.json()) == (200, plain.json())


def _networks(server: Server, client_id: str) -> set[str]:
    """Return the networks of all events of a client in the audit log."""
    log_group = stack.find_running(server.directory).outputs["audit_log"]
    found = server.client_of("logs").filter_log_events(logGroupName=log_group, filterPattern=f'"{client_id}"')
    return {json.loads(event["message"])["network"] for event in found["events"]}


def register_from(server: Server, address: str, forwarded: str) -> str:
    """Register a client over a connection from an address of this machine, and return its id."""
    parts = urlsplit(server.url)
    port = parts.port or 80
    connection = HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
    metadata = json.dumps({"client_name": "far away", "grant_types": ["client_credentials"]})
    headers = {"Content-Type": "application/json", "X-Forwarded-For": forwarded}
    connection.request("POST", f"{parts.path}/dcr", body=metadata, headers=headers)
    registered = json.loads(connection.getresponse().read())
    connection.close()
    return str(registered["client_id"])


def check_addresses(server: Server) -> None:
    """Check that the address of a client is that of its connection, whatever it says that it forwards."""
    for forwarded in ("203.0.113.9", "203.0.113.9, 198.51.100.1, 192.0.2.1", "127.0.0.9,127.0.0.8"):
        assert _networks(server, register_from(server, "127.0.0.1", forwarded)) == {"127.0.0.1/32"}
    if _is_ours(ANOTHER_ADDRESS):
        assert _networks(server, register_from(server, ANOTHER_ADDRESS, "127.0.0.1")) == {f"{ANOTHER_ADDRESS}/32"}


def _is_ours(address: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        try:
            tried.bind((address, 0))
        except OSError:
            return False
    return True


def test_a_forged_header_does_not_move_the_address_of_a_client(server: Server) -> None:
    check_addresses(server)
