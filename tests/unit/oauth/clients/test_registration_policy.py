"""Who may register, and how much (RFC 7591 3)."""

from collections.abc import Callable

import pytest

from admin import initial_tokens
from runtime.oauth.stores import Stores
from tests.support.machines import invite
from tests.unit.conftest import Clock, Send

MACHINE = {"grant_types": ["client_credentials"]}
METADATA = "/.well-known/oauth-authorization-server"
SendTo = Callable[..., Send]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_with_an_initial_access_token_any_number_of_clients_register(
    send_to: SendTo, stores: Stores, clock: Clock
) -> None:
    """RFC 7591 3: the initial access token is sent as an RFC 6750 bearer token."""
    send = send_to(registration="token")
    token = invite(stores.initial_tokens, clock)
    for scheme in ("Bearer", "bearer"):
        answer = send("POST", "/dcr", json=MACHINE, headers={"Authorization": f"{scheme} {token}"})
        assert answer["statusCode"] == 201


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic {token}", "{token}"])
def test_without_a_valid_initial_access_token_no_client_registers(
    send_to: SendTo, stores: Stores, clock: Clock, authorization: str | None
) -> None:
    """RFC 6750 3: 401 with a challenge, before the body is checked."""
    send = send_to(registration="token")
    token = invite(stores.initial_tokens, clock)
    headers = {} if authorization is None else {"Authorization": authorization.format(token=token)}
    for parts in ({"json": MACHINE}, {"body": "{"}):
        answer = send("POST", "/dcr", headers=headers, **parts)
        assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_token")
        assert answer["headers"]["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_an_initial_access_token_expires_even_while_the_table_still_has_it(
    send_to: SendTo, stores: Stores, clock: Clock
) -> None:
    send = send_to(registration="token")
    token = invite(stores.initial_tokens, clock)
    clock.now += initial_tokens.SECONDS_PER_DAY - 1
    assert send("POST", "/dcr", json=MACHINE, headers=bearer(token))["statusCode"] == 201
    clock.now += 1
    assert send("POST", "/dcr", json=MACHINE, headers=bearer(token))["statusCode"] == 401


def test_a_revoked_initial_access_token_registers_no_client_and_its_clients_stay(
    send_to: SendTo, stores: Stores, clock: Clock
) -> None:
    send = send_to(registration="token")
    token, other = (invite(stores.initial_tokens, clock) for _ in range(2))
    client = send("POST", "/dcr", json=MACHINE, headers=bearer(token))["json"]
    initial_tokens.revoke_initial_token(stores.initial_tokens, token)
    assert send("POST", "/dcr", json=MACHINE, headers=bearer(token))["statusCode"] == 401
    assert send("POST", "/dcr", json=MACHINE, headers=bearer(other))["statusCode"] == 201
    assert stores.clients.get(client["client_id"])


def test_where_registration_is_closed_it_is_refused_and_not_advertised(
    send_to: SendTo, stores: Stores, clock: Clock
) -> None:
    """RFC 8414 2: registration_endpoint is optional."""
    send = send_to(registration="closed")
    headers = bearer(invite(stores.initial_tokens, clock))
    for parts in ({"json": MACHINE}, {"json": MACHINE, "headers": headers}, {"body": "{"}):
        answer = send("POST", "/dcr", **parts)
        assert (answer["statusCode"], answer["json"]["error"]) == (403, "access_denied")
    for place in (METADATA, "/.well-known/openid-configuration"):
        assert "registration_endpoint" not in send("GET", place)["json"]
    assert "registration_endpoint" in send_to(registration="token")("GET", METADATA)["json"]


def test_a_client_registered_before_registration_closed_can_still_manage_itself(send: Send, send_to: SendTo) -> None:
    client = send("POST", "/dcr", json=MACHINE)["json"]
    answer = send_to(registration="closed")(
        "GET",
        "/clients/{clientId}",
        headers=bearer(client["registration_access_token"]),
        path_parameters={"clientId": client["client_id"]},
    )
    assert answer["statusCode"] == 200


def test_a_client_registers_as_many_redirect_uris_as_the_stack_allows(send_to: SendTo) -> None:
    """RFC 7591 3.2.2."""
    send = send_to(max_redirect_uris=3)
    uris = [f"https://example.com/{number}" for number in range(4)]
    assert send("POST", "/dcr", json={"redirect_uris": uris[:3]})["statusCode"] == 201
    answer = send("POST", "/dcr", json={"redirect_uris": uris})
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_redirect_uri")
    assert answer["json"]["error_description"] == "/redirect_uris: must have at most 3 items"
