"""Who may connect at all: a stack that admits one address of this machine, at each place where it can be enforced."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from tests.support.local_stack import LocalStack

pytestmark = pytest.mark.stack

# Linux routes all of 127.0.0.0/8 to this machine.
ADMITTED, OUTSIDE = "127.0.0.1", "127.0.0.2"


@pytest.fixture(scope="module", params=["cloudfront", "none"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a stack with a distribution, whose firewall decides, and of one without, whose API has a policy."""
    config = {"edge": request.param, "allowedCidrs": f'["{ADMITTED}/32"]'}
    with LocalStack(tmp_path_factory.mktemp("networks"), config=config) as stack:
        yield str(stack.outputs["url"])


def ask(url: str, address: str, method: str, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    """Send a request from an address of this machine."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60, source_address=(address, 0))
    connection.request(method, parts.path + path, headers=headers or {})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/mcp"),
        ("GET", "/.well-known/oauth-protected-resource/mcp"),
        ("GET", "/.well-known/oauth-authorization-server"),
        ("GET", "/authorize"),
        ("POST", "/dcr"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer made-up"}, {"X-Forwarded-For": ADMITTED}],
    ids=["bare", "with a token", "forged address"],
)
def test_an_address_outside_gets_403_and_never_the_login_challenge(
    url: str, method: str, path: str, headers: dict[str, str]
) -> None:
    refused = ask(url, OUTSIDE, method, path, headers)
    assert refused.status == 403
    assert refused.headers["WWW-Authenticate"] is None
    assert refused.headers["Content-Type"] == "application/json"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer made-up"}], ids=["no token", "a bad token"])
def test_an_address_inside_is_told_to_log_in(url: str, headers: dict[str, str]) -> None:
    challenged = ask(url, ADMITTED, "POST", "/mcp", headers)
    assert challenged.status == 401
    assert "resource_metadata=" in challenged.headers["WWW-Authenticate"]
    assert ask(url, ADMITTED, "GET", "/.well-known/oauth-protected-resource/mcp").status == 200
