"""The authorization code grant at the token endpoint: RFC 6749 4.1.3, RFC 7636 4.5 and 4.6, RFC 8707 2."""

from typing import Any

import jwt
import pytest

from runtime.oauth.grants.code import AuthorizationCode
from runtime.storage.grants import DynamoDBGrants
from tests.support.users import DAY, REDIRECT_URI, VERIFIER, error_of, post, redeem, register, store_grant
from tests.unit.conftest import CACHE_SECONDS, NOW, PUBLIC_URL, Clock, Send


@pytest.fixture
def code(grants: DynamoDBGrants, client: dict[str, Any]) -> AuthorizationCode:
    return store_grant(grants, client)


def test_a_code_gives_an_access_token_of_the_user(send: Send, client: dict[str, Any], code: AuthorizationCode) -> None:
    """RFC 6749 4.1.4 and 5.1, RFC 9068 2.2."""
    answer = redeem(send, client, code, resource=f"{PUBLIC_URL}/mcp")
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (200, "no-store")
    body = answer["json"]
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "mcp mcp:admin")
    assert body["refresh_token"].startswith(f"{code.grant_id}.")
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["client_id"], claims["grant_id"]) == ("alice", client["client_id"], code.grant_id)
    assert (claims["aud"], claims["scope"]) == (f"{PUBLIC_URL}/mcp", "mcp mcp:admin")
    assert claims["exp"] == NOW + 3600 + CACHE_SECONDS


@pytest.mark.parametrize("method", ["client_secret_basic", None])
def test_a_confidential_client_authenticates(send: Send, grants: DynamoDBGrants, method: str | None) -> None:
    """RFC 6749 4.1.3: "the client MUST authenticate"; a client_id alone is not enough."""
    client = register(send, token_endpoint_auth_method=method)
    code = store_grant(grants, client)
    named = redeem(send, {"client_id": client["client_id"]}, code)
    wrong = redeem(send, {**client, "client_secret": "wrong"}, code)
    assert error_of(named) == error_of(wrong) == (401, "invalid_client")
    assert redeem(send, client, code)["statusCode"] == 200


def test_a_public_client_that_is_unknown_looks_like_one_that_must_authenticate(
    send: Send, client: dict[str, Any], code: AuthorizationCode
) -> None:
    """RFC 6749 5.2: invalid_client."""
    confidential = register(send, token_endpoint_auth_method="client_secret_post")
    answers = [redeem(send, {"client_id": each}, code) for each in (confidential["client_id"], "0" * 32)]
    assert error_of(answers[0]) == (401, "invalid_client")
    assert answers[0] == answers[1]
    assert redeem(send, client, code)["statusCode"] == 200


def test_a_public_client_has_no_secret_that_could_be_right(
    send: Send, client: dict[str, Any], code: AuthorizationCode
) -> None:
    assert error_of(redeem(send, {**client, "client_secret": "x"}, code)) == (401, "invalid_client")
    assert error_of(redeem(send, client, code, client_secret="x")) == (401, "invalid_client")


def test_a_second_use_of_a_code_is_refused_and_revokes_the_grant(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], code: AuthorizationCode
) -> None:
    """RFC 6749 4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the
    request and SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
    """
    assert redeem(send, client, code)["statusCode"] == 200
    assert error_of(redeem(send, client, code)) == (400, "invalid_grant")
    assert grants.get(code.grant_id) is None


WRONG: list[tuple[dict[str, str | None], str]] = [
    ({"code": None}, "invalid_request"),
    ({"code": ""}, "invalid_request"),
    ({"code_verifier": None}, "invalid_request"),
    ({"code": "x"}, "invalid_grant"),
    ({"code": f"{'0' * 32}.x"}, "invalid_grant"),
    ({"code": "x" * 5000}, "invalid_grant"),
    ({"code": "\x00"}, "invalid_grant"),
    ({"redirect_uri": "http://127.0.0.1:51235/callback"}, "invalid_grant"),
    ({"redirect_uri": f"{REDIRECT_URI}/"}, "invalid_grant"),
    ({"redirect_uri": REDIRECT_URI.replace("127.0.0.1", "localhost")}, "invalid_grant"),
    ({"code_verifier": "another-code-verifier-of-the-same-length-as"}, "invalid_grant"),
    ({"code_verifier": "short"}, "invalid_grant"),
    ({"code_verifier": f"{VERIFIER}é"}, "invalid_grant"),
    ({"code_verifier": VERIFIER[:-1]}, "invalid_grant"),
    ({"resource": "https://other.example.com/mcp"}, "invalid_target"),
    ({"resource": PUBLIC_URL}, "invalid_target"),
]


@pytest.mark.parametrize(("change", "error"), WRONG)
def test_a_request_that_does_not_match_is_refused_and_does_not_use_up_the_code(
    send: Send, client: dict[str, Any], code: AuthorizationCode, change: dict[str, str | None], error: str
) -> None:
    """RFC 6749 5.2, RFC 7636 4.6 and RFC 8707 2."""
    assert error_of(redeem(send, client, code, **change)) == (400, error)
    assert redeem(send, client, code)["statusCode"] == 200


def test_the_challenge_does_not_pass_for_the_verifier(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any]
) -> None:
    """RFC 7636 4.2: the plain method does not exist here, so no request can fall back to it."""
    challenge = "x" * 43
    code = store_grant(grants, client, code_challenge=challenge)
    assert error_of(redeem(send, client, code, code_verifier=challenge)) == (400, "invalid_grant")


@pytest.mark.parametrize("change", [change for change, error in WRONG if error != "invalid_request"])
def test_a_used_code_in_a_request_that_does_not_match_revokes_nothing(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], code: AuthorizationCode, change: dict[str, str | None]
) -> None:
    """OAuth 2.1 7.5.3, ASVS 5.0 10.4.2: only a valid request revokes; else an attacker who saw a code could do it."""
    redeem(send, client, code)
    assert redeem(send, client, code, **change)["statusCode"] == 400
    assert grants.get(code.grant_id) is not None


def test_a_code_with_another_secret_is_no_code(
    send: Send, client: dict[str, Any], grants: DynamoDBGrants, code: AuthorizationCode
) -> None:
    redeem(send, client, code)
    for secret in ("", "x", code.secret[:-1]):
        assert error_of(redeem(send, client, code._replace(secret=secret))) == (400, "invalid_grant")
    assert grants.get(code.grant_id) is not None


def test_the_code_of_another_client_is_refused_and_stays_valid(
    send: Send, client: dict[str, Any], code: AuthorizationCode
) -> None:
    """RFC 6749 4.1.3: "ensure that the authorization code was issued to the authenticated confidential client, or if
    the client is public, ensure that the code was issued to "client_id" in the request".
    """
    other = register(send)
    assert error_of(redeem(send, other, code)) == (400, "invalid_grant")
    assert redeem(send, client, code)["statusCode"] == 200
    assert error_of(redeem(send, other, code)) == (400, "invalid_grant")


def test_a_client_need_not_repeat_the_redirect_uri_nor_the_resource(
    send: Send, client: dict[str, Any], code: AuthorizationCode
) -> None:
    """OAuth 2.1 10.2: the code verifier replaces the check of the redirect URI."""
    assert redeem(send, client, code, redirect_uri=None)["statusCode"] == 200


def test_the_scope_is_what_was_granted_whatever_the_token_request_says(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any]
) -> None:
    """RFC 6749 4.1.3 has no scope here, and 3.2 says to ignore unknown parameters; offline_access is no scope of the
    resource (MCP 2026-07-28, Refresh Tokens)."""
    code = store_grant(grants, client, scope="mcp offline_access")
    body = redeem(send, client, code, scope="mcp mcp:admin offline_access")["json"]
    assert body["scope"] == "mcp"
    assert jwt.decode(body["access_token"], options={"verify_signature": False})["scope"] == "mcp"


def test_a_code_expires(send: Send, client: dict[str, Any], code: AuthorizationCode, clock: Clock) -> None:
    """RFC 6749 4.1.2."""
    clock.now += 60
    assert error_of(redeem(send, client, code)) == (400, "invalid_grant")


def test_a_grant_for_another_public_url_is_refused(send: Send, grants: DynamoDBGrants, client: dict[str, Any]) -> None:
    """RFC 8707 2: a token is for the resource that was granted; the client has to ask the user again."""
    code = store_grant(grants, client, resource="https://old.example.com/mcp")
    assert error_of(redeem(send, client, code)) == (400, "invalid_grant")


def test_a_client_without_the_refresh_grant_gets_no_refresh_token(send: Send, grants: DynamoDBGrants) -> None:
    """RFC 6749 1.5: at the server's discretion. The grant lasts as long as its only access token."""
    client = register(send, grant_types=["authorization_code"])
    code = store_grant(grants, client)
    assert "refresh_token" not in redeem(send, client, code)["json"]
    grant = grants.get(code.grant_id)
    assert grant is not None
    assert grant.expires_at == NOW + 3600


def test_nothing_outlives_the_absolute_end_of_the_grant(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any]
) -> None:
    """RFC 9700 4.14.2; and RFC 6749 5.1: expires_in is true."""
    code = store_grant(grants, client, absolute_expires_at=NOW + 100)
    assert redeem(send, client, code)["json"]["expires_in"] == 100
    grant = grants.get(code.grant_id)
    assert grant is not None
    assert grant.expires_at == NOW + 100


def test_a_grant_with_a_refresh_token_lasts_until_it_has_been_idle_for_too_long(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], code: AuthorizationCode
) -> None:
    redeem(send, client, code)
    grant = grants.get(code.grant_id)
    assert grant is not None
    assert grant.expires_at == NOW + 14 * DAY


def test_no_secret_of_the_client_is_kept(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], code: AuthorizationCode
) -> None:
    refresh_token = redeem(send, client, code)["json"]["refresh_token"]
    kept = str(grants.get(code.grant_id))
    for secret in (code.secret, *refresh_token.split(".")[1:]):
        assert secret not in kept


def test_a_client_that_is_not_registered_for_the_grant_type_is_refused(send: Send, grants: DynamoDBGrants) -> None:
    """RFC 6749 5.2: unauthorized_client."""
    client = register(send, grant_types=["client_credentials"], token_endpoint_auth_method=None)
    code = store_grant(grants, client)
    assert error_of(redeem(send, client, code)) == (400, "unauthorized_client")


def test_a_public_client_cannot_use_the_client_credentials_grant(send: Send, client: dict[str, Any]) -> None:
    """RFC 6749 4.4: "MUST only be used by confidential clients"."""
    assert error_of(post(send, "/token", client, grant_type="client_credentials")) == (400, "unauthorized_client")


def test_a_server_without_user_login_does_not_support_the_grant_type(send_to: Any, grants: DynamoDBGrants) -> None:
    """RFC 6749 5.2: unsupported_grant_type."""
    send = send_to(interactive=False)
    client = register(send, token_endpoint_auth_method=None)
    for grant_type in ("authorization_code", "refresh_token"):
        answer = post(send, "/token", client, grant_type=grant_type, code="x", refresh_token="x")
        assert error_of(answer) == (400, "unsupported_grant_type")
