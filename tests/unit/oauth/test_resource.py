"""The resource of a token request: RFC 8707 2, and MCP 2026-07-28, Canonical Server URI."""

from typing import Any

import jwt
import pytest

from runtime.oauth.errors import InvalidTarget
from runtime.oauth.resource import check_resource
from runtime.storage.grants import DynamoDBGrants
from tests.support.machines import headers
from tests.support.users import redeem, refresh, register, store_grant
from tests.unit.conftest import PUBLIC_URL, Send

RESOURCE = f"{PUBLIC_URL}/mcp"
IN_CAPITALS = "HTTPS://MCP.Example.COM/mcp"


@pytest.mark.parametrize(
    "asked", [None, RESOURCE, IN_CAPITALS, "Https://mcp.example.com/mcp", f"{RESOURCE} {IN_CAPITALS}"]
)
def test_scheme_and_host_are_compared_without_regard_to_case(asked: str | None) -> None:
    """MCP: "implementations SHOULD accept uppercase scheme and host components"; RFC 3986 6.2.2.1."""
    check_resource(asked, RESOURCE)


@pytest.mark.parametrize(
    "asked",
    [
        *("", " ", "/mcp", "mcp.example.com/mcp", PUBLIC_URL, f"{RESOURCE}/", f"{RESOURCE}#x", f"{RESOURCE}?x"),
        *("https://mcp.example.com/MCP", "https://mcp.example.com:443/mcp", "https://user@mcp.example.com/mcp"),
        *("http://mcp.example.com/mcp", "https://mcp.example.com.evil.example/mcp", "https://mcp.example.com\\@x/mcp"),
        *(f"{RESOURCE} https://other.example.com/mcp", f"{RESOURCE} ", "https://mcp%2Eexample.com/mcp"),
        *("https://mcp.example.com/mcp\x00", "https://mcp.example.com%2fmcp"),
    ],
)
def test_every_other_difference_is_another_resource(asked: str) -> None:
    with pytest.raises(InvalidTarget):
        check_resource(asked, RESOURCE)


def test_a_letter_that_only_looks_like_one_of_the_host_is_another() -> None:
    """The Kelvin sign has k as its lower case."""
    resource = "https://kiosk.example.com/mcp"
    check_resource("https://KIOSK.example.com/mcp", resource)
    with pytest.raises(InvalidTarget):
        check_resource("https://\u212aiosk.example.com/mcp", resource)


def test_a_path_and_a_port_of_the_server_itself_are_compared_as_they_are() -> None:
    check_resource("HTTP://LOCALHOST:8080/mcp", "http://localhost:8080/mcp")
    check_resource("https://Example.com/Stage/mcp", "https://example.com/Stage/mcp")
    with pytest.raises(InvalidTarget):
        check_resource("https://example.com/stage/mcp", "https://example.com/Stage/mcp")


def test_every_grant_type_takes_it_and_the_audience_stays_exact(send_to: Any, grants: DynamoDBGrants) -> None:
    """RFC 9068 4: the audience of a token is compared exactly, so it is always written the same way."""
    send: Send = send_to(interactive=True)
    machine = register(send, grant_types=["client_credentials"], redirect_uris=None, token_endpoint_auth_method=None)
    user = register(send)
    answers = [
        send(
            "POST",
            "/token",
            form={"grant_type": "client_credentials", "resource": IN_CAPITALS},
            headers=headers(machine),
        ),
        redeem(send, user, store_grant(grants, user), resource=IN_CAPITALS),
    ]
    answers.append(refresh(send, user, answers[1]["json"]["refresh_token"], resource=IN_CAPITALS))
    for answer in answers:
        claims = jwt.decode(answer["json"]["access_token"], options={"verify_signature": False})
        assert claims["aud"] == RESOURCE
