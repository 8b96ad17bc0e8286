"""How long a client, its secret and its registration access token last."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runtime.oauth.clients.lifetimes import SECONDS_PER_DAY
from runtime.oauth.stores import Stores
from runtime.records.errors import NotThere
from runtime.storage.clients import DynamoDBClients
from tests.memory.table import MemoryTable
from tests.support.machines import invite
from tests.unit.conftest import NOW, Clock, Send, basic

MACHINE = {"grant_types": ["client_credentials"]}
DAY = SECONDS_PER_DAY
SendTo = Callable[..., Send]
Items = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def items(table: MemoryTable) -> Items:
    """Return a function that lists the items of one kind in the table."""

    def of_kind(kind: str) -> list[dict[str, Any]]:
        kept = list(table.items.values())
        return [item for item in kept if str(item["pk"]).startswith(f"{kind}#")]

    return of_kind


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    """A client in use: it has a token."""
    registered = dict(send("POST", "/dcr", json=MACHINE)["json"])
    assert ask(send, registered) == 200
    return registered


def ask(send: Send, client: dict[str, Any]) -> int:
    """Return the status of a token request."""
    headers = basic(client["client_id"], client["client_secret"])
    return int(send("POST", "/token", form={"grant_type": "client_credentials"}, headers=headers)["statusCode"])


def update(send: Send, client: dict[str, Any], **members: Any) -> dict[str, Any]:
    return send(
        "PUT",
        "/clients/{clientId}",
        headers={"Authorization": f"Bearer {client['registration_access_token']}"},
        path_parameters={"clientId": client["client_id"]},
        json={"client_id": client["client_id"], **MACHINE, **members},
    )


def item(table: MemoryTable, client: dict[str, Any]) -> dict[str, Any]:
    return table.items[f"client#{client['client_id']}"]


def test_an_unused_client_expires_everywhere_even_while_the_table_still_has_it(
    table: MemoryTable, send: Send, clients: DynamoDBClients, clock: Clock, client: dict[str, Any]
) -> None:
    clock.now += 90 * DAY
    assert item(table, client)["expires_at"] == NOW + 90 * DAY
    assert ask(send, client) == 401
    assert update(send, client)["statusCode"] == 401
    assert clients.get(client["client_id"]) is None
    with pytest.raises(NotThere):
        clients.delete(client["client_id"])
    with pytest.raises(NotThere):
        clients.renew(client["client_id"], NOW + 180 * DAY)
    assert item(table, client)["expires_at"] == NOW + 90 * DAY


def test_an_uninvited_client_that_never_gets_a_token_expires_after_a_day(
    send: Send, clock: Clock, items: Items
) -> None:
    """Hosted clients register for each of their users, and most of these registrations are never used."""
    unused, used, updated = (send("POST", "/dcr", json=MACHINE)["json"] for _ in range(3))
    assert {item["expires_at"] for item in items("client")} == {NOW + DAY}
    clock.now += DAY - 1
    assert ask(send, used) == 200
    # An update is not a use: otherwise unused clients could be kept forever.
    updated |= update(send, updated)["json"]
    clock.now += 1
    assert [ask(send, one) for one in (unused, used, updated)] == [401, 200, 401]
    clock.now += 89 * DAY
    assert ask(send, used) == 200


def test_a_client_that_was_invited_waits_for_its_first_token_like_any_other(
    send: Send, stores: Stores, clock: Clock
) -> None:
    """RFC 7591 3: an operator who hands out an initial access token may install the client days later."""
    token = invite(stores.initial_tokens, clock)
    headers = {"Authorization": f"Bearer {token}"}
    client = send("POST", "/dcr", json=MACHINE, headers=headers)["json"]
    client |= update(send, client)["json"]
    clock.now += 90 * DAY - 1
    assert ask(send, client) == 200


def test_a_token_renews_a_client_once_a_tenth_of_its_period_is_over(
    table: MemoryTable, send: Send, clock: Clock, client: dict[str, Any]
) -> None:
    clock.now += 9 * DAY
    assert ask(send, client) == 200
    assert item(table, client)["expires_at"] == NOW + 90 * DAY
    clock.now += 1
    assert ask(send, client) == 200
    assert item(table, client)["expires_at"] == NOW + 99 * DAY + 1


def test_a_refused_request_does_not_renew_a_client(
    table: MemoryTable, send: Send, clock: Clock, client: dict[str, Any]
) -> None:
    clock.now += 80 * DAY
    assert ask(send, {**client, "client_secret": "wrong"}) == 401
    form = {"grant_type": "client_credentials", "scope": "everything"}
    headers = basic(client["client_id"], client["client_secret"])
    assert send("POST", "/token", form=form, headers=headers)["statusCode"] == 400
    assert item(table, client)["expires_at"] == NOW + 90 * DAY


def test_a_client_that_is_deleted_is_not_brought_back_by_its_last_token(
    clients: DynamoDBClients, client: dict[str, Any]
) -> None:
    clients.delete(client["client_id"])
    with pytest.raises(NotThere):
        clients.renew(client["client_id"], NOW + 180 * DAY)
    assert clients.get(client["client_id"]) is None


def test_a_client_stored_without_an_expiry_gets_one_when_it_is_used(
    table: MemoryTable, send: Send, clients: DynamoDBClients, clock: Clock, client: dict[str, Any]
) -> None:
    stored = clients.get(client["client_id"])
    assert stored is not None
    clients.replace(replace(stored, expires_at=0), stored.registration_token_hash)
    assert "expires_at" not in item(table, client)
    clock.now += 1000 * DAY
    assert ask(send, client) == 200
    assert item(table, client)["expires_at"] == NOW + 1090 * DAY


def test_a_secret_that_expires_says_so_and_an_update_makes_a_new_one(send_to: SendTo, clock: Clock) -> None:
    """RFC 7591 3.2.1, RFC 7592 2.2."""
    send = send_to(client_secret_days=10)
    client = send("POST", "/dcr", json=MACHINE)["json"]
    assert client["client_secret_expires_at"] == NOW + 10 * DAY
    assert ask(send, client) == 200
    clock.now += 10 * DAY - 1
    assert ask(send, client) == 200
    early = update(send, client)["json"]
    assert "client_secret" not in early
    assert early["client_secret_expires_at"] == NOW + 10 * DAY
    clock.now += 1
    assert ask(send, client) == 401
    renewed = update(send, early)["json"]
    assert renewed["client_secret"] != client["client_secret"]
    assert renewed["client_secret_expires_at"] == NOW + 20 * DAY
    assert ask(send, renewed) == 200
    assert ask(send, client) == 401


def test_a_client_that_gave_up_its_secret_can_get_a_new_one(send_to: SendTo) -> None:
    send = send_to(client_secret_days=10)
    client = send("POST", "/dcr", json=MACHINE)["json"]
    public = {"token_endpoint_auth_method": "none", "grant_types": ["authorization_code"]}
    without = update(send, client, **public, redirect_uris=["https://example.com/cb"])["json"]
    assert "client_secret_expires_at" not in without
    again = update(send, without)["json"]
    assert again["client_secret"] != client["client_secret"]
    assert again["client_secret_expires_at"] == NOW + 10 * DAY


def test_an_update_rotates_the_registration_access_token_and_the_old_one_ends(
    send: Send, client: dict[str, Any]
) -> None:
    """RFC 7592 5: the registration access token may be rotated at an update."""
    first = update(send, client)["json"]
    assert first["registration_access_token"] != client["registration_access_token"]
    assert update(send, client)["statusCode"] == 401
    second = update(send, first)
    assert second["statusCode"] == 200
    assert ask(send, client) == 200


def test_a_refused_update_leaves_the_registration_access_token_as_it_is(send: Send, client: dict[str, Any]) -> None:
    assert update(send, client, client_name=5)["statusCode"] == 400
    assert update(send, client, client_id="another")["statusCode"] == 400
    assert update(send, client)["statusCode"] == 200
