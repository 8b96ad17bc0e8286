"""Clients with a metadata document at the endpoints: authentication, metadata."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from runtime.oauth.remote.fetch import Fetcher
from tests.memory.table import MemoryTable
from tests.support.keys import private_key, public_jwk
from tests.support.tls_server import HOST, URL, TlsServer, fetcher, response
from tests.unit.conftest import NOW, PUBLIC_URL, Send, basic

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DOCUMENT = {
    "client_id": URL,
    "client_name": "Example",
    "redirect_uris": ["https://client.example.com/cb"],
    "token_endpoint_auth_method": "private_key_jwt",
}
numbers = itertools.count()


@pytest.fixture
def fetching(server: TlsServer) -> Fetcher:
    return fetcher(server)


@pytest.fixture
def trusting(send_to: Callable[..., Send], server: TlsServer) -> Send:
    serve(server, jwks={"keys": [public_jwk("EC", kid="1")]})
    return send_to(client_id_metadata_documents=(HOST,))


def serve(server: TlsServer, **members: Any) -> None:
    server.answer = response(json.dumps({**DOCUMENT, **members}).encode())


def assertion(key: str = "EC", client_id: str = URL) -> dict[str, str]:
    claims = {"iss": client_id, "sub": client_id, "aud": PUBLIC_URL, "exp": NOW + 60, "jti": f"d-{next(numbers)}"}
    signed = jwt.encode(claims, private_key(key), algorithm="ES256", headers={"kid": "1"})
    return {"client_assertion_type": TYPE, "client_assertion": signed}


def outcome(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["statusCode"], answer["json"].get("error", "")


def test_a_client_proves_itself_with_the_keys_of_its_document(trusting: Send) -> None:
    """Section 6.2 and RFC 7523 2.2."""
    answer = trusting("POST", "/introspect", form={"token": "x", **assertion()})
    assert (answer["statusCode"], answer["json"]) == (200, {"active": False})
    used = {"token": "x", **assertion()}
    assert [trusting("POST", "/introspect", form=used)["statusCode"] for _ in range(2)] == [200, 401]
    wrong = trusting("POST", "/introspect", form={"token": "x", **assertion("EC 2")})
    assert outcome(wrong) == (401, "invalid_client")


def test_a_client_with_a_document_gets_no_token_as_a_machine(trusting: Send) -> None:
    answer = trusting("POST", "/token", form={"grant_type": "client_credentials", **assertion()})
    assert outcome(answer) == (400, "unauthorized_client")


def test_a_client_with_a_document_cannot_use_a_secret(trusting: Send) -> None:
    """Section 4.1: no method of a shared secret."""
    form = {"token": "x", "client_id": URL, "client_secret": "x"}
    assert outcome(trusting("POST", "/introspect", form=form)) == (401, "invalid_client")
    quoted = basic("https%3A%2F%2Fclient.example.com%2Fclient.json", "")
    assert outcome(trusting("POST", "/introspect", form={"token": "x"}, headers=quoted)) == (401, "invalid_client")


@pytest.mark.parametrize(
    "url", [f"https://{HOST}/other.json", "https://127.0.0.1/client.json", "https://other.example/c"]
)
def test_a_url_without_a_valid_document_is_an_unknown_client(trusting: Send, url: str) -> None:
    """RFC 6749 5.2; never a failure of this server."""
    answer = trusting("POST", "/introspect", form={"token": "x", **assertion(client_id=url)})
    assert outcome(answer) == (401, "invalid_client")
    assert answer["json"]["error_description"] == "client authentication failed"


def test_a_client_whose_server_is_down_is_told_to_retry_and_not_that_it_is_unknown(
    trusting: Send, server: TlsServer
) -> None:
    """RFC 9110 15.6.4. On invalid_client, SDKs discard the tokens of their users."""
    server.answer = response(b"{}", status="503 Away")
    for path, form in (("/token", {"grant_type": "client_credentials"}), ("/revoke", {"token": "x"})):
        answer = trusting("POST", path, form={**form, **assertion()})
        assert outcome(answer) == (400, "temporarily_unavailable")
        assert (answer["headers"]["Retry-After"], answer["headers"]["Cache-Control"]) == ("30", "no-store")


def test_a_stack_that_trusts_no_host_knows_no_url(send: Send, server: TlsServer) -> None:
    answer = send("POST", "/introspect", form={"token": "x", **assertion()})
    assert outcome(answer) == (401, "invalid_client")
    assert server.dialled == []


def test_a_client_with_a_document_cannot_be_managed(trusting: Send) -> None:
    """RFC 7592 is for clients that have registered."""
    for token in ("", "x"):
        answer = trusting(
            "GET",
            "/clients/{clientId}",
            headers={"Authorization": f"Bearer {token}"},
            path_parameters={"clientId": URL},
        )
        assert outcome(answer) == (401, "invalid_token")


@pytest.mark.parametrize("interactive", [True, False])
@pytest.mark.parametrize("hosts", [(), ("*",), (HOST,)])
def test_documents_are_advertised_where_they_are_accepted_and_users_log_in(
    send_to: Callable[..., Send], hosts: tuple[str, ...], interactive: bool
) -> None:
    """Section 5: client_id_metadata_document_supported."""
    send = send_to(client_id_metadata_documents=hosts, interactive=interactive)
    for path in ("oauth-authorization-server", "openid-configuration"):
        document = send("GET", f"/.well-known/{path}")["json"]
        assert document.get("client_id_metadata_document_supported") == (True if hosts and interactive else None)


def test_only_the_document_and_counters_of_such_a_client_are_stored(table: MemoryTable, trusting: Send) -> None:
    trusting("POST", "/introspect", form={"token": "x", **assertion()})
    items = list(table.items.values())
    kinds = {str(item["pk"]).split("#")[0] for item in items}
    assert kinds == {"document", "rate", "once"}
