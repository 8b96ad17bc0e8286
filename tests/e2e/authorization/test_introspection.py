"""Introspection (RFC 7662), over HTTP through the whole stack; see also ../test_client_authentication.py."""

from typing import Any

import jwt
import pytest

from tests.e2e.authorization.answers import credentials, error_pointer, refusal
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server


@pytest.fixture(scope="module")
def client(server: Server) -> dict[str, Any]:
    return server.register()


def ask(server: Server, client: dict[str, Any], **parameters: str) -> Any:
    return server.send("POST", "/introspect", data=parameters, auth=credentials(client))


def test_the_answer_says_what_the_token_says(server: Server, client: dict[str, Any]) -> None:
    """RFC 7662 2.2. The end is the announced one, which a decision that the gateway has cached never outlives."""
    token = server.token(client)
    claims = jwt.decode(token, options={"verify_signature": False})
    announced = {"exp": claims["exp"] - AUTHORIZER_CACHE_SECONDS}
    assert ask(server, client, token=token).json() == {**claims, **announced, "active": True, "token_type": "Bearer"}


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "made_up"])
def test_a_hint_changes_nothing(server: Server, client: dict[str, Any], hint: str) -> None:
    """RFC 7662 2.1: "the server MAY ignore this parameter"."""
    assert ask(server, client, token=server.token(client), token_type_hint=hint).json()["active"] is True


def test_of_anything_but_an_active_token_nothing_is_said(server: Server, client: dict[str, Any]) -> None:
    """RFC 7662 2.2: "SHOULD NOT include any additional information about an inactive token"."""
    claims = jwt.decode(server.token(client), options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"typ": "at+jwt"})
    for token in ("x", "a.b.c", forged, client["client_secret"], client["registration_access_token"], "\ufffd"):
        answer = ask(server, client, token=token)
        assert (answer.status_code, answer.json()) == (200, {"active": False})


def test_the_token_must_be_named_once(server: Server, client: dict[str, Any]) -> None:
    """RFC 7662 2.1: REQUIRED."""
    answer = ask(server, client, token="")
    assert (refusal(answer), error_pointer(answer)) == ((400, "invalid_request"), "/token")
    twice = server.send("POST", "/introspect", data=[("token", "a"), ("token", "b")], auth=credentials(client))
    assert refusal(twice) == (400, "invalid_request")


def test_tokens_are_asked_about_by_post(server: Server) -> None:
    """RFC 7662 2.1: "using HTTP POST" with "application/x-www-form-urlencoded"."""
    assert refusal(server.send("GET", "/introspect?token=x")) == (405, "method_not_allowed")
    assert refusal(server.send("POST", "/introspect", json={"token": "x"})) == (415, "unsupported_media_type")
