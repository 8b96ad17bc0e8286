"""Revocation (RFC 7009), over HTTP through the whole stack; see also ../test_client_authentication.py."""

from typing import Any

import pytest

from tests.e2e.authorization.answers import credentials, error_pointer, refusal
from tests.e2e.conftest import Server


@pytest.fixture(scope="module")
def client(server: Server) -> dict[str, Any]:
    return server.register()


def revoke(server: Server, client: dict[str, Any], **parameters: str) -> Any:
    return server.send("POST", "/revoke", data=parameters, auth=credentials(client))


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "made_up"])
def test_a_hint_changes_nothing(server: Server, client: dict[str, Any], hint: str) -> None:
    """RFC 7009 2.1: "An authorization server MAY ignore this parameter"."""
    token = server.token(client)
    assert revoke(server, client, token=token, token_type_hint=hint).status_code == 200
    told = server.send("POST", "/introspect", data={"token": token}, auth=credentials(client))
    assert told.json() == {"active": False}


def test_a_token_that_is_no_token_or_is_revoked_already_is_answered_like_any_other(
    server: Server, client: dict[str, Any]
) -> None:
    """RFC 7009 2.2: "invalid tokens do not cause an error response"."""
    token = server.token(client)
    for attempt in (token, token, "x", "a.b.c", client["client_secret"], "\x00"):
        answer = revoke(server, client, token=attempt)
        assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"", "no-store")


def test_the_token_must_be_named_once(server: Server, client: dict[str, Any]) -> None:
    """RFC 7009 2.1: REQUIRED; 2.2.1 refers to RFC 6749 5.2."""
    answer = revoke(server, client, token_type_hint="access_token")
    assert (refusal(answer), error_pointer(answer)) == ((400, "invalid_request"), "/token")
    twice = server.send("POST", "/revoke", data=[("token", "a"), ("token", "b")], auth=credentials(client))
    assert refusal(twice) == (400, "invalid_request")


def test_tokens_are_revoked_by_post(server: Server) -> None:
    """RFC 7009 2: "by including the following parameters using the "application/x-www-form-urlencoded" format"."""
    assert refusal(server.send("GET", "/revoke?token=x")) == (405, "method_not_allowed")
    assert refusal(server.send("POST", "/revoke", json={"token": "x"})) == (415, "unsupported_media_type")
