"""A disabled client counts as deleted, until it is enabled."""

from collections.abc import Callable

import pytest

from runtime.records.errors import NotThere
from runtime.records.oauth import Client
from runtime.storage.clients import DynamoDBClients
from runtime.storage.table import Table
from tests.unit.conftest import NOW, Clock

CLIENT = Client("c" * 32, None, "hash", {"scope": "mcp"}, False, NOW, expires_at=NOW + 60)
URL = "https://app.example/client.json"


@pytest.fixture
def clients(table: Table, clock: Clock) -> DynamoDBClients:
    clients = DynamoDBClients(table, clock)
    clients.add(CLIENT)
    return clients


def test_a_disabled_client_is_not_found_and_an_enabled_one_is_as_before(clients: DynamoDBClients) -> None:
    clients.disable(CLIENT.client_id)
    assert (clients.get(CLIENT.client_id), clients.is_disabled(CLIENT.client_id)) == (None, True)
    clients.enable(CLIENT.client_id)
    assert (clients.get(CLIENT.client_id), clients.is_disabled(CLIENT.client_id)) == (CLIENT, False)


@pytest.mark.parametrize(
    "change",
    [
        lambda clients: clients.replace(CLIENT, CLIENT.registration_token_hash),
        lambda clients: clients.renew(CLIENT.client_id, NOW + 600),
        lambda clients: clients.delete(CLIENT.client_id),
    ],
    ids=["replace", "renew", "delete"],
)
def test_a_request_of_the_client_that_was_let_in_just_before_changes_nothing(
    clients: DynamoDBClients, change: Callable[[DynamoDBClients], None]
) -> None:
    """An update that replaces the item would enable the client."""
    clients.disable(CLIENT.client_id)
    with pytest.raises(NotThere):
        change(clients)
    assert clients.is_disabled(CLIENT.client_id)


def test_only_a_client_that_exists_is_disabled_and_only_a_disabled_one_enabled(
    clients: DynamoDBClients, clock: Clock
) -> None:
    with pytest.raises(NotThere):
        clients.disable("unknown")
    with pytest.raises(NotThere):
        clients.enable(CLIENT.client_id)
    clock.now = CLIENT.expires_at
    with pytest.raises(NotThere):
        clients.disable(CLIENT.client_id)


def test_the_url_of_a_document_is_disabled_without_a_registration(clients: DynamoDBClients) -> None:
    clients.disable(URL)
    assert (clients.is_disabled(URL), clients.get(URL)) == (True, None)
    clients.enable(URL)
    assert (clients.is_disabled(URL), clients.get(URL)) == (False, None)


def test_a_use_is_remembered_with_the_renewal(clients: DynamoDBClients, clock: Clock) -> None:
    clock.now += 30
    clients.renew(CLIENT.client_id, NOW + 600)
    used = clients.get(CLIENT.client_id)
    assert used is not None
    assert used.last_used_at == NOW + 30
