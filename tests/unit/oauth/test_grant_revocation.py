"""Revocation and introspection of the tokens of a grant: RFC 7009 and RFC 7662."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from runtime.storage.grants import DynamoDBGrants
from tests.support.users import DAY, error_of, post, redeem, refresh, register, store_grant
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, Send

INACTIVE = {"active": False}


@pytest.fixture
def send(send_to: Callable[..., Send]) -> Send:
    return send_to(interactive=True)


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    """A confidential client: only these may introspect tokens."""
    return register(send, token_endpoint_auth_method=None)


@pytest.fixture
def issued(send: Send, grants: DynamoDBGrants, client: dict[str, Any]) -> dict[str, Any]:
    return dict(redeem(send, client, store_grant(grants, client))["json"])


def introspect(send: Send, client: dict[str, Any], token: str) -> dict[str, Any]:
    answer = post(send, "/introspect", client, token=token)
    assert answer["statusCode"] == 200
    return dict(answer["json"])


def test_revoking_a_refresh_token_revokes_everything_under_the_grant(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], issued: dict[str, Any]
) -> None:
    """RFC 7009 2.1: "the authorization server SHOULD also invalidate all access tokens based on the same authorization
    grant"."""
    for _ in range(2):
        answer = post(send, "/revoke", client, token=issued["refresh_token"])
        assert (answer["statusCode"], answer["body"]) == (200, "")
    assert grants.get(issued["refresh_token"].split(".")[0]) is None
    assert error_of(refresh(send, client, issued["refresh_token"])) == (400, "invalid_grant")
    assert introspect(send, client, issued["access_token"]) == INACTIVE


def test_revoking_an_access_token_revokes_only_that_token(
    send: Send, client: dict[str, Any], issued: dict[str, Any]
) -> None:
    """RFC 7009 2.1: for an access token, the server MAY revoke the refresh token as well; this one does not."""
    post(send, "/revoke", client, token=issued["access_token"])
    assert introspect(send, client, issued["access_token"]) == INACTIVE
    assert introspect(send, client, issued["refresh_token"])["active"] is True
    assert refresh(send, client, issued["refresh_token"])["statusCode"] == 200


def test_a_rotated_refresh_token_revokes_the_grant_too(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], issued: dict[str, Any]
) -> None:
    """A client that lost the response has no other token to log out with."""
    refresh(send, client, issued["refresh_token"])
    post(send, "/revoke", client, token=issued["refresh_token"])
    assert grants.get(issued["refresh_token"].split(".")[0]) is None


@pytest.mark.parametrize("invented", ["{}", "{}.x", "{}.x.y", "{}.."])
def test_the_id_of_a_grant_alone_revokes_nothing(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], issued: dict[str, Any], invented: str
) -> None:
    """RFC 7009 2.2: "invalid tokens do not cause an error response"."""
    grant_id = issued["refresh_token"].split(".")[0]
    assert post(send, "/revoke", client, token=invented.format(grant_id))["statusCode"] == 200
    assert grants.get(grant_id) is not None


def test_a_code_cannot_be_revoked(send: Send, grants: DynamoDBGrants, client: dict[str, Any]) -> None:
    code = store_grant(grants, client)
    assert post(send, "/revoke", client, token=str(code))["statusCode"] == 200
    assert redeem(send, client, code)["statusCode"] == 200


def test_the_refresh_token_of_another_client_is_refused_and_stays_valid(
    send: Send, client: dict[str, Any], issued: dict[str, Any]
) -> None:
    """RFC 7009 2.1: "the request is refused and the client is informed of the error"."""
    for other in (register(send), register(send, token_endpoint_auth_method=None)):
        answer = post(send, "/revoke", other, token=issued["refresh_token"])
        assert error_of(answer) == (400, "invalid_grant")
    assert introspect(send, client, issued["refresh_token"])["active"] is True


def test_a_public_client_revokes_its_own_tokens_with_its_client_id(send: Send, grants: DynamoDBGrants) -> None:
    """RFC 7009 2.1: client credentials are validated "in case of a confidential client"."""
    client = register(send)
    issued = redeem(send, client, store_grant(grants, client))["json"]
    assert post(send, "/revoke", client, token=issued["access_token"])["statusCode"] == 200
    assert post(send, "/revoke", client, token=issued["refresh_token"])["statusCode"] == 200
    assert error_of(refresh(send, client, issued["refresh_token"])) == (400, "invalid_grant")
    unknown = {"client_id": "0" * 32}
    assert error_of(post(send, "/revoke", unknown, token=issued["refresh_token"])) == (401, "invalid_client")


def test_a_public_client_cannot_introspect_tokens(send: Send, grants: DynamoDBGrants) -> None:
    """RFC 7662 2.1: the endpoint "MUST also require some form of authorization"; a client_id alone is not enough."""
    client = register(send)
    token = redeem(send, client, store_grant(grants, client))["json"]["access_token"]
    assert error_of(post(send, "/introspect", client, token=token)) == (401, "invalid_client")


def test_a_client_learns_what_the_token_of_a_user_says(
    send: Send, client: dict[str, Any], issued: dict[str, Any]
) -> None:
    """RFC 7662 2.2."""
    told = introspect(send, client, issued["access_token"])
    assert (told["active"], told["sub"], told["scope"]) == (True, "alice", "mcp mcp:admin")
    assert told["jti"] == jwt.decode(issued["access_token"], options={"verify_signature": False})["jti"]


def test_a_client_learns_when_its_refresh_token_expires(
    send: Send, client: dict[str, Any], issued: dict[str, Any], clock: Clock
) -> None:
    """RFC 7662 1: "determine the active state of an OAuth 2.0 token", refresh tokens among them."""
    clock.now += 1000
    second = refresh(send, client, issued["refresh_token"])["json"]["refresh_token"]
    assert introspect(send, client, second) == {
        "active": True,
        "scope": "mcp mcp:admin",
        "client_id": client["client_id"],
        "exp": NOW + 1000 + 14 * DAY,
        "iat": NOW + 1000,
        "sub": "alice",
        "aud": f"{PUBLIC_URL}/mcp",
        "iss": PUBLIC_URL,
    }
    assert introspect(send, client, issued["refresh_token"]) == INACTIVE


def test_the_refresh_token_of_another_client_is_reported_as_not_active(send: Send, issued: dict[str, Any]) -> None:
    """RFC 7662 2.2."""
    other = register(send, token_endpoint_auth_method=None)
    for token in (issued["refresh_token"], issued["access_token"]):
        assert introspect(send, other, token) == INACTIVE


def test_a_code_is_no_active_token(send: Send, grants: DynamoDBGrants, client: dict[str, Any]) -> None:
    assert introspect(send, client, str(store_grant(grants, client))) == INACTIVE
