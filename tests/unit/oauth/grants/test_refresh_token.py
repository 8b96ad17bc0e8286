"""The refresh token grant at the token endpoint: RFC 6749 6, RFC 9700 4.14.2."""

from typing import Any

import jwt
import pytest

from runtime.storage.clients import DynamoDBClients
from runtime.storage.grants import DynamoDBGrants
from tests.support.users import DAY, error_of, is_alive, redeem, refresh, register, rotate, store_grant
from tests.unit.conftest import CACHE_SECONDS, NOW, PUBLIC_URL, Clock, Send

GRACE = 60


def test_a_refresh_token_gives_new_tokens_of_the_same_user(
    send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    """RFC 6749 6 and 5.1."""
    clock.now += 3600
    answer = refresh(send, client, first, resource=f"{PUBLIC_URL}/mcp")
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (200, "no-store")
    body = answer["json"]
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "mcp mcp:admin")
    assert body["refresh_token"] != first
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["client_id"], claims["exp"]) == (
        "alice",
        client["client_id"],
        NOW + 7200 + CACHE_SECONDS,
    )
    assert first.startswith(f"{claims['grant_id']}.")


def test_each_use_gives_a_new_token_and_the_newest_is_valid(send: Send, client: dict[str, Any], first: str) -> None:
    """RFC 9700 4.14.2: rotation."""
    chain = [first]
    for _ in range(3):
        chain.append(rotate(send, client, chain[-1]))
    assert len(set(chain)) == 4


def test_a_reused_refresh_token_revokes_the_grant(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str, clock: Clock
) -> None:
    """RFC 9700 4.14.2: the server cannot tell an attacker from the client, so it revokes the current token too."""
    second = rotate(send, client, first)
    clock.now += GRACE
    assert error_of(refresh(send, client, first)) == (400, "invalid_grant")
    assert not is_alive(grants, first)
    assert error_of(refresh(send, client, second)) == (400, "invalid_grant")


def test_a_token_from_long_ago_revokes_the_grant_too(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str, clock: Clock
) -> None:
    second = rotate(send, client, first)
    clock.now += GRACE
    rotate(send, client, second)
    assert error_of(refresh(send, client, first)) == (400, "invalid_grant")
    assert not is_alive(grants, first)


WRONG: list[tuple[dict[str, str | None], str]] = [
    ({"refresh_token": None}, "invalid_request"),
    ({"refresh_token": ""}, "invalid_request"),
    ({"refresh_token": "x"}, "invalid_grant"),
    ({"refresh_token": "\x00"}, "invalid_grant"),
    ({"refresh_token": "x" * 5000}, "invalid_grant"),
    ({"refresh_token": f"{'0' * 32}.x.y"}, "invalid_grant"),
    ({"scope": "everything"}, "invalid_scope"),
    ({"scope": "everything offline_access"}, "invalid_scope"),
    ({"scope": "mcp\tmcp:admin"}, "invalid_scope"),
    ({"resource": "https://other.example.com/mcp"}, "invalid_target"),
]


@pytest.mark.parametrize(("change", "error"), WRONG)
def test_a_request_that_is_refused_uses_nothing_up(
    send: Send, client: dict[str, Any], first: str, change: dict[str, str | None], error: str
) -> None:
    """RFC 6749 5.2, RFC 8707 2."""
    assert error_of(refresh(send, client, first, **change)) == (400, error)
    assert rotate(send, client, first)


def test_a_made_up_refresh_token_cannot_revoke_the_grant(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str
) -> None:
    """The id of a grant is not secret: access tokens and the code contain it."""
    grant_id = first.split(".", maxsplit=1)[0]
    for invented in (grant_id, f"{grant_id}.x", f"{grant_id}.x.{first.split('.')[2]}", f"{grant_id}.."):
        assert error_of(refresh(send, client, invented)) == (400, "invalid_grant")
    assert rotate(send, client, first)


def test_a_code_is_no_refresh_token_and_a_refresh_token_no_code(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str
) -> None:
    code = store_grant(grants, client)
    assert error_of(refresh(send, client, str(code))) == (400, "invalid_grant")
    assert error_of(redeem(send, client, first)) == (400, "invalid_grant")
    assert redeem(send, client, code)["statusCode"] == 200
    assert rotate(send, client, first)


def test_the_token_of_another_client_is_refused_and_stays_valid(send: Send, client: dict[str, Any], first: str) -> None:
    """RFC 6749 6: "the refresh token is bound to the client to which it was issued"."""
    for other in (register(send), register(send, token_endpoint_auth_method=None)):
        assert error_of(refresh(send, other, first)) == (400, "invalid_grant")
    assert rotate(send, client, first)


def test_a_confidential_client_authenticates(send: Send, grants: DynamoDBGrants) -> None:
    """RFC 6749 6: "require client authentication for confidential clients"."""
    client = register(send, token_endpoint_auth_method="client_secret_post")
    secret = {"client_secret": client.pop("client_secret")}
    answer = redeem(send, client, store_grant(grants, client), **secret)
    token = answer["json"]["refresh_token"]
    assert error_of(refresh(send, client, token)) == (401, "invalid_client")
    assert error_of(refresh(send, client, token, client_secret="wrong")) == (401, "invalid_client")
    assert refresh(send, client, token, **secret)["statusCode"] == 200


def test_a_narrower_scope_is_for_that_access_token_alone(send: Send, client: dict[str, Any], first: str) -> None:
    """RFC 6749 6: "the refresh token scope MUST be identical to that of the refresh token included by the client"."""
    narrow = refresh(send, client, first, scope="mcp")["json"]
    assert narrow["scope"] == "mcp"
    assert jwt.decode(narrow["access_token"], options={"verify_signature": False})["scope"] == "mcp"
    assert refresh(send, client, narrow["refresh_token"])["json"]["scope"] == "mcp mcp:admin"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("offline_access", "mcp mcp:admin"),
        ("mcp offline_access", "mcp"),
        ("mcp:admin mcp mcp", "mcp:admin mcp"),
        ("openid mcp profile offline_access", "mcp"),
    ],
)
def test_what_the_login_left_out_is_left_out_here_too(
    send: Send, client: dict[str, Any], first: str, asked: str, given: str
) -> None:
    """RFC 6749 3.3 and 6; MCP 2026-07-28, Refresh Tokens: "MAY add offline_access to the scope parameter of the
    authorization and token requests"."""
    answer = refresh(send, client, first, scope=asked)["json"]
    assert answer["scope"] == given
    assert jwt.decode(answer["access_token"], options={"verify_signature": False})["scope"] == given


def test_a_refresh_never_gives_more_than_the_user_granted(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any]
) -> None:
    """RFC 6749 6: "MUST NOT include any scope not originally granted"; the rest of the request is granted."""
    token = redeem(send, client, store_grant(grants, client, scope="mcp offline_access"))["json"]["refresh_token"]
    assert error_of(refresh(send, client, token, scope="mcp:admin")) == (400, "invalid_scope")
    assert refresh(send, client, token, scope="mcp mcp:admin")["json"]["scope"] == "mcp"


def test_a_refresh_token_expires_when_it_is_not_used(
    send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    """RFC 9700 4.14.2: an idle refresh token expires; each use restarts the idle time."""
    clock.now += 14 * DAY - 1
    second = rotate(send, client, first)
    clock.now += 14 * DAY - 1
    third = rotate(send, client, second)
    clock.now += 14 * DAY
    assert error_of(refresh(send, client, third)) == (400, "invalid_grant")


def test_no_use_postpones_the_absolute_end(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], clock: Clock
) -> None:
    """RFC 9700 4.14.2; and no access token outlives it, so expires_in says when it ends (RFC 6749 5.1)."""
    code = store_grant(grants, client, absolute_expires_at=NOW + DAY)
    token = redeem(send, client, code)["json"]["refresh_token"]
    clock.now += DAY - 100
    answer = refresh(send, client, token)["json"]
    assert answer["expires_in"] == 100
    clock.now += 100
    assert error_of(refresh(send, client, answer["refresh_token"])) == (400, "invalid_grant")


def test_the_tokens_of_a_deleted_client_are_refused(
    send: Send, clients: DynamoDBClients, client: dict[str, Any], first: str
) -> None:
    clients.delete(client["client_id"])
    assert error_of(refresh(send, client, first)) == (401, "invalid_client")


def test_a_client_that_gave_up_the_grant_type_is_refused(send: Send, client: dict[str, Any], first: str) -> None:
    """RFC 6749 5.2: unauthorized_client."""
    narrower = {**client, "grant_types": ["authorization_code"], "response_types": ["code"]}
    kept = {name: value for name, value in narrower.items() if not name.startswith(("registration_", "client_id_"))}
    answer = send(
        "PUT",
        "/clients/{clientId}",
        json=kept,
        path_parameters={"clientId": client["client_id"]},
        headers={"Authorization": f"Bearer {client['registration_access_token']}"},
    )
    assert answer["statusCode"] == 200, answer["body"]
    assert error_of(refresh(send, client, first)) == (400, "unauthorized_client")


def test_using_a_refresh_token_keeps_the_client_registered(
    send: Send, clients: DynamoDBClients, client: dict[str, Any], first: str, clock: Clock
) -> None:
    clock.now += 13 * DAY
    rotate(send, client, first)
    stored = clients.get(client["client_id"])
    assert stored is not None
    assert stored.expires_at == NOW + (13 + 90) * DAY
