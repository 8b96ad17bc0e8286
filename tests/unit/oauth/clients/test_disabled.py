"""A client that an operator has disabled gets the answers of a client that does not exist."""

from typing import Any

import pytest

from runtime.oauth.clients.directory import ClientDirectory
from runtime.storage.clients import DynamoDBClients
from tests.support.documents import document_response
from tests.support.machines import headers, issue
from tests.support.tls_server import URL, TlsServer
from tests.unit.conftest import Send

MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def client(send: Send, clients: DynamoDBClients) -> dict[str, Any]:
    client = dict(send("POST", "/dcr", json=MACHINE)["json"])
    issue(send, client)
    clients.disable(client["client_id"])
    return client


@pytest.mark.parametrize(
    ("path", "form"), [("/token", GRANT), ("/revoke", {"token": "t"}), ("/introspect", {"token": "t"})]
)
def test_it_cannot_authenticate(send: Send, client: dict[str, Any], path: str, form: dict[str, str]) -> None:
    """RFC 6749 5.2. The answer is that of an unknown client."""
    answer = send("POST", path, form=form, headers=headers(client))
    unknown = send("POST", path, form=form, headers=headers({**client, "client_id": "0" * 32}))
    assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_client")
    assert answer["body"] == unknown["body"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_cannot_be_managed(send: Send, client: dict[str, Any], clients: DynamoDBClients, method: str) -> None:
    """RFC 7592 2.1: 401, as for a client that does not exist. An update would otherwise enable it."""
    body = {"json": {**MACHINE, "client_id": client["client_id"]}} if method == "PUT" else {}
    answer = send(
        method,
        "/clients/{clientId}",
        headers={"Authorization": f"Bearer {client['registration_access_token']}"},
        path_parameters={"clientId": client["client_id"]},
        **body,
    )
    assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_token")
    assert clients.is_disabled(client["client_id"])


def test_enabled_again_it_has_everything_back(send: Send, client: dict[str, Any], clients: DynamoDBClients) -> None:
    clients.enable(client["client_id"])
    assert issue(send, client)


def test_a_url_that_is_disabled_is_no_client_and_its_document_is_not_fetched(
    directory: ClientDirectory, server: TlsServer, clients: DynamoDBClients
) -> None:
    server.answer = document_response()
    clients.disable(URL)
    assert directory.get(URL) is None
    assert server.dialled == []
    clients.enable(URL)
    assert directory.get(URL) is not None
