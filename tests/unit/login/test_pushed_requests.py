"""Pushed authorization requests: RFC 9126."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.oauth.credentials import digest
from tests.support.assertions import KEYS, TYPE, claims, sign
from tests.support.login import (
    PUBLIC,
    WEBSITE,
    Browser,
    approve,
    asking,
    come_back,
    forward_url,
    log_in,
    redirect_parameters,
)
from tests.unit.conftest import PUBLIC_URL, Clock, Send, basic

Items = Callable[[str], list[dict[str, Any]]]
PREFIX = "urn:ietf:params:oauth:request_uri:"


def push(send: Send, client: dict[str, Any], **changes: str | None) -> dict[str, Any]:
    return send("POST", "/par", form=asking(client, **changes))


def by_reference(browser: Browser, client: dict[str, Any], uri: str, **more: str) -> dict[str, Any]:
    return browser.get("/authorize", {"client_id": client["client_id"], "request_uri": uri, **more})


def test_a_pushed_request_is_a_reference_of_which_a_hash_is_kept(
    login_send: Send, client: dict[str, Any], items: Items
) -> None:
    """RFC 9126 2.2."""
    answer = push(login_send, client)
    assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (201, "no-store")
    assert answer["json"]["expires_in"] == 90
    uri = answer["json"]["request_uri"]
    assert uri.startswith(PREFIX)
    assert len(uri.removeprefix(PREFIX)) == 43
    assert [item["pk"] for item in items("par")] == [f"par#{digest(uri)}"]


def test_a_user_is_shown_what_was_pushed_and_nothing_of_the_query(
    browser: Browser, login_send: Send, client: dict[str, Any]
) -> None:
    """RFC 9126 4, RFC 9101 5.2: parameters outside of the pushed request are ignored."""
    uri = push(login_send, client, state="pushed")["json"]["request_uri"]
    page = by_reference(browser, client, uri, state="query", scope="mcp:admin", redirect_uri="https://attacker.example")
    answer = come_back(browser, forward_url(approve(browser, page)))
    assert answer["headers"]["Location"].startswith(f"{WEBSITE}?")
    assert redirect_parameters(answer)["state"] == "pushed"


def test_looking_does_not_use_it_up_but_approving_does(
    browser: Browser, login_send: Send, client: dict[str, Any]
) -> None:
    """RFC 9126 4: one-time use, "but MAY allow for duplicate requests due to a user reloading"."""
    uri = push(login_send, client)["json"]["request_uri"]
    first, second = (by_reference(browser, client, uri) for _ in range(2))
    assert forward_url(approve(browser, first))
    # A double click is the same use, another page is another.
    assert forward_url(approve(browser, first))
    assert approve(browser, second)["statusCode"] == 400
    assert by_reference(browser, client, uri)["statusCode"] == 400


def test_a_reference_that_is_used_for_a_remembered_consent_is_used(
    browser: Browser, login_send: Send, client: dict[str, Any]
) -> None:
    log_in(browser, client)
    uri = push(login_send, client)["json"]["request_uri"]
    assert by_reference(browser, client, uri)["statusCode"] == 302
    assert by_reference(browser, client, uri)["statusCode"] == 400


def test_a_reference_lapses_but_a_page_made_of_it_lasts_as_long_as_any(
    browser: Browser, login_send: Send, client: dict[str, Any], clock: Clock
) -> None:
    uri = push(login_send, client)["json"]["request_uri"]
    page = by_reference(browser, client, uri)
    clock.now += 90
    assert by_reference(browser, client, uri)["statusCode"] == 400
    clock.now += 500
    assert forward_url(approve(browser, page))


def test_the_reference_of_another_client_or_of_nobody_is_a_page(
    browser: Browser, login_send: Send, users_send: Send, client: dict[str, Any]
) -> None:
    """RFC 9126 2.2: bound to the client. The same response for all, so it does not reveal which request URIs exist."""
    other = users_send("POST", "/dcr", json=PUBLIC)["json"]
    uri = push(login_send, client)["json"]["request_uri"]
    refused = [by_reference(browser, other, uri)]
    refused += [by_reference(browser, client, made_up) for made_up in (f"{PREFIX}x", "https://a.example/r", uri + "x")]
    assert {answer["statusCode"] for answer in refused} == {400}
    assert len({answer["body"] for answer in refused}) == 1
    assert browser.get("/authorize", {"request_uri": uri})["statusCode"] == 400


def test_a_redirect_uri_that_was_taken_back_meanwhile_is_not_used(
    browser: Browser, login_send: Send, users_send: Send, client: dict[str, Any]
) -> None:
    uri = push(login_send, client)["json"]["request_uri"]
    headers = {"Authorization": f"Bearer {client['registration_access_token']}"}
    asked = {**PUBLIC, "client_id": client["client_id"], "redirect_uris": ["https://app.example/other"]}
    path = {"path_parameters": {"clientId": client["client_id"]}}
    assert users_send("PUT", "/clients/{clientId}", json=asked, headers=headers, **path)["statusCode"] == 200
    assert by_reference(browser, client, uri)["statusCode"] == 400


def test_the_resource_may_be_pushed_in_capitals(login_send: Send, client: dict[str, Any]) -> None:
    """MCP 2026-07-28, Canonical Server URI: scheme and host in any case."""
    assert push(login_send, client, resource=f"{PUBLIC_URL.upper()}/mcp")["statusCode"] == 201
    refused = push(login_send, client, resource=f"{PUBLIC_URL}/MCP")
    assert (refused["statusCode"], refused["json"]["error"]) == (400, "invalid_target")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://attacker.example"}, "invalid_request"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "unheard-of"}, "invalid_scope"),
        ({"resource": "https://other.example"}, "invalid_target"),
        ({"request_uri": f"{PREFIX}x"}, "invalid_request"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"state": "é"}, "invalid_request"),
    ],
)
def test_errors_are_told_to_the_client_itself(
    login_send: Send, client: dict[str, Any], items: Items, changes: dict[str, str | None], error: str
) -> None:
    """RFC 9126 2.1 and 2.3."""
    answer = push(login_send, client, **changes)
    assert (answer["statusCode"], answer["json"]["error"]) == (401 if error == "invalid_client" else 400, error)
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
    assert items("par") == []


def test_a_confidential_client_has_to_prove_itself(login_send: Send, users_send: Send) -> None:
    """RFC 9126 2.1: as at the token endpoint."""
    asked = {**PUBLIC, "token_endpoint_auth_method": "client_secret_basic"}
    client = users_send("POST", "/dcr", json=asked)["json"]
    assert push(login_send, client)["statusCode"] == 401
    headers = basic(client["client_id"], "wrong")
    assert login_send("POST", "/par", form=asking(client), headers=headers)["statusCode"] == 401
    headers = basic(client["client_id"], client["client_secret"])
    assert login_send("POST", "/par", form=asking(client), headers=headers)["statusCode"] == 201


@pytest.mark.parametrize("audience", [PUBLIC_URL, f"{PUBLIC_URL}/token", f"{PUBLIC_URL}/par"])
def test_an_assertion_is_for_the_issuer_the_token_endpoint_or_this_endpoint(
    login_send: Send, users_send: Send, audience: str
) -> None:
    """RFC 9126 2: the server "MUST accept its issuer identifier, token endpoint URL, or pushed authorization request
    endpoint URL as values that identify it as an intended audience".
    """
    asked = {**PUBLIC, "token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS}
    client = users_send("POST", "/dcr", json=asked)["json"]
    assertion = sign(claims(client["client_id"], aud=audience))
    form = {**asking(client), "client_assertion_type": TYPE, "client_assertion": assertion}
    assert login_send("POST", "/par", form=form)["statusCode"] == 201


def test_one_network_pushes_so_many_requests_of_public_clients(login_send: Send, client: dict[str, Any]) -> None:
    """RFC 6585 4."""
    answers = [push(login_send, client)["statusCode"] for _ in range(6)]
    assert answers == [201] * 5 + [429]


def test_one_confidential_client_pushes_so_many_requests_wherever_it_is(login_send: Send, users_send: Send) -> None:
    """RFC 6585 4: anyone can register a client. It has its own rate limit, and does not use up the limit of others."""
    asked = {**PUBLIC, "token_endpoint_auth_method": "client_secret_basic"}
    busy, other = (users_send("POST", "/dcr", json=asked)["json"] for _ in range(2))

    def push_status(client: dict[str, Any], source: str) -> int:
        headers = basic(client["client_id"], client["client_secret"])
        return int(login_send("POST", "/par", form=asking(client), headers=headers, source_ip=source)["statusCode"])

    # The limit of an authenticated client does not depend on its network.
    assert [push_status(busy, f"198.51.100.{number}") for number in range(6)] == [201] * 5 + [429]
    assert push_status(other, "198.51.100.0") == 201


def test_a_pushed_request_is_for_this_servers_resource(login_send: Send, client: dict[str, Any]) -> None:
    """RFC 8707 2: also when it is repeated."""
    assert push(login_send, client, resource=f"{PUBLIC_URL}/mcp")["statusCode"] == 201
