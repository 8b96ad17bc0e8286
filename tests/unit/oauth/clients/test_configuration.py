"""Client management, RFC 7592."""

from typing import Any

import pytest

from tests.unit.conftest import Send, basic

PATH = "/clients/{clientId}"
MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    return dict(send("POST", "/dcr", json=MACHINE)["json"])


def manage(send: Send, method: str, client: dict[str, Any], token: str | None = None, **parts: Any) -> dict[str, Any]:
    token = client["registration_access_token"] if token is None else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return send(method, PATH, headers=headers, path_parameters={"clientId": client["client_id"]}, **parts)


def test_reading_shows_the_metadata_and_never_a_secret(send: Send, client: dict[str, Any]) -> None:
    """RFC 7592 2.1."""
    answer = manage(send, "GET", client)
    assert answer["statusCode"] == 200
    assert answer["json"]["client_name"] == "robot"
    assert client["client_secret"] not in answer["body"]
    assert client["registration_access_token"] not in answer["body"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("token", ["", "wrong", "another"])
def test_without_its_own_registration_access_token_nothing_is_read_or_changed(
    send: Send, client: dict[str, Any], method: str, token: str
) -> None:
    """RFC 7592 2: the client MUST use its registration access token in all calls to this endpoint."""
    if token == "another":
        token = send("POST", "/dcr", json=MACHINE)["json"]["registration_access_token"]
    body = {"json": {**MACHINE, "client_id": client["client_id"]}} if method == "PUT" else {}
    answer = manage(send, method, client, token, **body)
    assert answer["statusCode"] == 401
    assert answer["json"]["error"] == "invalid_token"
    assert answer["headers"]["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert manage(send, "GET", client)["statusCode"] == 200


def test_an_unknown_client_looks_like_a_wrong_token(send: Send, client: dict[str, Any]) -> None:
    """RFC 7592 2.1: 401 when the client does not exist."""
    answer = manage(send, "GET", {**client, "client_id": "0" * 32})
    assert answer["body"] == manage(send, "GET", client, "wrong")["body"]


def test_basic_credentials_do_not_manage_a_client(send: Send, client: dict[str, Any]) -> None:
    headers = basic(client["client_id"], client["client_secret"])
    answer = send("GET", PATH, headers=headers, path_parameters={"clientId": client["client_id"]})
    assert answer["statusCode"] == 401


def test_replacing_resets_what_is_left_out_and_keeps_the_secret(send: Send, client: dict[str, Any]) -> None:
    """RFC 7592 2.2: omitted fields are deleted from the registration."""
    update = {"client_id": client["client_id"], "grant_types": ["client_credentials"], "contacts": ["a@example.com"]}
    answer = manage(send, "PUT", client, json=update)
    assert answer["statusCode"] == 200
    assert "client_name" not in answer["json"]
    assert answer["json"]["contacts"] == ["a@example.com"]
    assert "client_secret" not in answer["json"]
    headers = basic(client["client_id"], client["client_secret"])
    assert send("POST", "/token", form={"grant_type": "client_credentials"}, headers=headers)["statusCode"] == 200


def test_a_client_that_becomes_confidential_is_given_a_secret(send: Send) -> None:
    public = {"redirect_uris": ["https://example.com/cb"], "token_endpoint_auth_method": "none"}
    client = send("POST", "/dcr", json=public)["json"]
    answer = manage(send, "PUT", client, json={"client_id": client["client_id"], **MACHINE})
    assert len(answer["json"]["client_secret"]) >= 43


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"client_id": "someone-else"}, "/client_id"),
        ({"client_id": None}, "/client_id"),
        ({"client_secret": "chosen"}, "/client_secret"),
        ({"registration_access_token": "x"}, "/registration_access_token"),
        ({"client_id_issued_at": 1}, "/client_id_issued_at"),
        ({"client_name": 5}, "/client_name"),
    ],
)
def test_an_update_cannot_change_identity_or_choose_a_secret(
    send: Send, client: dict[str, Any], change: dict[str, Any], pointer: str
) -> None:
    """RFC 7592 2.2."""
    answer = manage(send, "PUT", client, json={**MACHINE, "client_id": client["client_id"], **change})
    assert answer["statusCode"] == 400
    assert answer["json"]["error_description"].startswith(f"{pointer}: ")


def test_deleting_answers_204_and_a_second_time_401(send: Send, client: dict[str, Any]) -> None:
    """RFC 7592 2.3."""
    answer = manage(send, "DELETE", client)
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert manage(send, "DELETE", client)["statusCode"] == 401
