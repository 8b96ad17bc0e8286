"""How long what a user granted lasts, and what ends it. OAuth 2.1, RFC 7009, RFC 7662, RFC 9700."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.authorization.answers import refusal
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, REFRESH_TOKEN_GRACE_SECONDS, Server
from tests.e2e.login.client import LoginClient
from tests.support.user_browser import User

# More functions at once are more than a small machine starts in time; many at once are in e2e/test_grants.py.
PROGRAMS = 2
OVER = (400, "invalid_grant")


@pytest.fixture
def tokens(client: LoginClient, alice: User) -> dict[str, Any]:
    return client.tokens(alice.authorize(client.url())["code"])


def _wait_for_the_authorizer() -> None:
    time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)


def test_a_refresh_token_is_another_one_after_each_use(client: LoginClient, tokens: dict[str, Any]) -> None:
    """OAuth 2.1 4.3.1: rotation."""
    second = client.refresh(tokens["refresh_token"]).json()
    third = client.refresh(second["refresh_token"]).json()
    assert len({one["refresh_token"] for one in (tokens, second, third)}) == 3
    assert client.whoami(third["access_token"])["subject"] == "alice"


def test_a_refresh_token_from_before_ends_the_grant(client: LoginClient, tokens: dict[str, Any]) -> None:
    """RFC 9700 4.14.2: it "cannot determine which party submitted the invalid refresh token"."""
    second = client.refresh(tokens["refresh_token"]).json()
    third = client.refresh(second["refresh_token"]).json()
    time.sleep(REFRESH_TOKEN_GRACE_SECONDS + 0.5)
    assert refusal(client.refresh(tokens["refresh_token"])) == OVER
    assert refusal(client.refresh(third["refresh_token"])) == OVER
    _wait_for_the_authorizer()
    assert not any(client.works(one["access_token"]) for one in (tokens, second, third))


def test_programs_that_share_a_refresh_token_refresh_at_once_and_stay_logged_in(
    client: LoginClient, tokens: dict[str, Any]
) -> None:
    """RFC 9700 4.14.2: what one program has used, the others use a moment later, and none of them is a thief."""
    shared = tokens["refresh_token"]
    for _ in range(2):
        with ThreadPoolExecutor(PROGRAMS) as programs:
            answers = [answer.json() for answer in programs.map(client.refresh, [shared] * PROGRAMS)]
        [shared] = {answer["refresh_token"] for answer in answers}
        assert len({answer["access_token"] for answer in answers}) == PROGRAMS
        assert all(client.works(answer["access_token"]) for answer in answers)


def test_a_code_that_comes_twice_ends_what_it_gave(client: LoginClient, alice: User) -> None:
    """RFC 6749 4.1.2: "the authorization server MUST deny the request and SHOULD revoke"."""
    code = alice.authorize(client.url())["code"]
    tokens = client.tokens(code)
    assert client.works(tokens["access_token"])
    assert refusal(client.redeem(code)) == OVER
    assert refusal(client.refresh(tokens["refresh_token"])) == OVER
    _wait_for_the_authorizer()
    assert not client.works(tokens["access_token"])


@pytest.mark.parametrize(
    "wrong", [{"redirect_uri": "https://app.example.com/other"}, {"code_verifier": "w" * 43}, {"code_verifier": None}]
)
def test_a_request_that_gets_something_wrong_does_not_use_the_code_up(
    client: LoginClient, alice: User, wrong: dict[str, str | None]
) -> None:
    """Whoever has caught a code alone can neither use it nor keep the client from it. RFC 7636 4.6."""
    code = alice.authorize(client.url())["code"]
    assert client.redeem(code, **wrong).status_code == 400
    assert client.works(client.tokens(code)["access_token"])


def test_a_client_gives_back_a_refresh_token_and_all_that_came_of_it(
    client: LoginClient, tokens: dict[str, Any]
) -> None:
    """RFC 7009 2.1: "the authorization server SHOULD also invalidate all access tokens"."""
    assert client.post("/revoke", token=tokens["refresh_token"]).status_code == 200
    assert refusal(client.refresh(tokens["refresh_token"])) == OVER
    _wait_for_the_authorizer()
    assert not client.works(tokens["access_token"])


def test_a_client_gives_back_one_access_token_and_stays_logged_in(client: LoginClient, tokens: dict[str, Any]) -> None:
    """RFC 7009 2.1: with an access token it "MAY revoke the respective refresh token as well", which it does not."""
    assert client.post("/revoke", token=tokens["access_token"]).status_code == 200
    _wait_for_the_authorizer()
    assert not client.works(tokens["access_token"])
    assert client.works(client.refresh(tokens["refresh_token"]).json()["access_token"])


def test_introspection_names_the_user_until_the_grant_ends(confidential: LoginClient, alice: User) -> None:
    """RFC 7662 2.2."""
    tokens = confidential.tokens(alice.authorize(confidential.url())["code"])
    for kind in ("access_token", "refresh_token"):
        told = confidential.post("/introspect", token=tokens[kind]).json()
        assert (told["active"], told["sub"], told["client_id"]) == (True, "alice", confidential.client_id)
    confidential.post("/revoke", token=tokens["refresh_token"])
    for kind in ("access_token", "refresh_token"):
        assert confidential.post("/introspect", token=tokens[kind]).json() == {"active": False}


def test_no_client_introspects_or_gives_back_what_is_anothers(
    server: Server, client: LoginClient, tokens: dict[str, Any], confidential: LoginClient
) -> None:
    """RFC 7009 2.1: "the authorization server MUST verify that the token was issued to the client"."""
    assert confidential.post("/introspect", token=tokens["refresh_token"]).json() == {"active": False}
    confidential.post("/revoke", token=tokens["refresh_token"])
    assert client.refresh(tokens["refresh_token"]).status_code == 200
