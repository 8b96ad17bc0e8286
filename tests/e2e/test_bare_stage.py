"""A stack without an edge: its URL has the path of the stage, so its issuer has one too."""

from urllib.parse import urlsplit

import pytest
import requests

from tests.e2e.conftest import TIMEOUT, Server
from tests.e2e.login.test_python_sdk import Check, check_busy_client, check_idle_client, check_login
from tests.e2e.test_edge import check_addresses
from tests.e2e.test_sdk_client import ERAS
from tests.support.user_browser import User


@pytest.fixture
def root(bare_server: Server) -> str:
    """The URL of the host without the stage."""
    parts = urlsplit(bare_server.url)
    assert parts.path == "/dev"
    return f"{parts.scheme}://{parts.netloc}"


@pytest.fixture
def alice(bare_server: Server) -> User:
    return User(bare_server.url)


@pytest.mark.parametrize(
    "path",
    [
        # RFC 8414 3.1 and RFC 9728 3.1: the metadata of an issuer and a resource with a path is here alone.
        "/.well-known/oauth-authorization-server/dev",
        "/.well-known/oauth-protected-resource/dev/mcp",
        # OpenID Connect Discovery by the rule of RFC 8414 5, and what clients try that drop the path.
        "/.well-known/openid-configuration/dev",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/authorize",
        "/mcp",
        "/",
    ],
)
def test_outside_the_stage_api_gateway_refuses_everything(root: str, path: str) -> None:
    """So a client that looks for metadata only there cannot connect: claude.ai, Claude Code and mcp-remote."""
    for method in ("GET", "POST", "OPTIONS"):
        answer = requests.request(method, root + path, timeout=TIMEOUT)
        assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


def test_below_the_stage_a_client_finds_everything_from_the_challenge(bare_server: Server) -> None:
    """RFC 9728 5.1; OpenID Connect Discovery 4.1, which some clients try last, appends to the issuer."""
    challenge = bare_server.rpc(None, {"jsonrpc": "2.0", "id": 1, "method": "ping"}).headers["WWW-Authenticate"]
    metadata = f"{bare_server.url}/.well-known/oauth-protected-resource/mcp"
    assert f'resource_metadata="{metadata}"' in challenge
    resource = requests.get(metadata, timeout=TIMEOUT).json()
    assert resource["resource"] == f"{bare_server.url}/mcp"
    assert resource["authorization_servers"] == [bare_server.url]
    server = bare_server.send("GET", "/.well-known/openid-configuration").json()
    assert server["issuer"] == bare_server.url
    assert server["token_endpoint"] == f"{bare_server.url}/token"


@pytest.mark.parametrize("mode", ERAS)
def test_the_python_client_ends_up_calling_a_tool_as_the_user(bare_server: Server, alice: User, mode: str) -> None:
    """It tries the path of OpenID Connect Discovery last, and that is below the stage."""
    check_login(bare_server, alice, mode)


@pytest.mark.parametrize("check", [check_idle_client, check_busy_client], ids=["idle", "busy"])
def test_the_python_client_lives_through_the_end_of_a_token(bare_server: Server, alice: User, check: Check) -> None:
    check(bare_server, alice)


def test_a_forged_header_does_not_move_the_address_of_a_client(bare_server: Server) -> None:
    check_addresses(bare_server)
