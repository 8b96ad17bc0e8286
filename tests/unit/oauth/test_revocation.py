"""The revocation endpoint: RFC 7009."""

from typing import Any

import pytest

from runtime.storage.layout import without_layout
from runtime.storage.marks import DynamoDBRevocations
from runtime.tokens.access_tokens import Tokens
from tests.memory.table import MemoryTable
from tests.support.machines import headers, issue
from tests.unit.conftest import CACHE_SECONDS, NOW, Clock, Send, basic

MACHINE = {"grant_types": ["client_credentials"]}


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    return dict(send("POST", "/dcr", json=MACHINE)["json"])


def revoke(send: Send, client: dict[str, Any], token: str, **more: str) -> dict[str, Any]:
    return send("POST", "/revoke", form={"token": token, **more}, headers=headers(client))


def marks(table: MemoryTable) -> list[dict[str, Any]]:
    items = list(table.items.values())
    return [item for item in items if item["pk"].startswith("revoked#")]


def test_a_revoked_token_is_remembered_until_it_expires(
    table: MemoryTable, send: Send, client: dict[str, Any], tokens: Tokens, revocations: DynamoDBRevocations
) -> None:
    """RFC 7009 2.2: 200, and the content of the body is ignored."""
    token, other = issue(send, client), issue(send, client)
    answer = revoke(send, client, token)
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert answer["headers"]["Cache-Control"] == "no-store"
    token_id = tokens.verify(token).token_id
    assert revocations.is_revoked(token_id)
    assert not revocations.is_revoked(tokens.verify(other).token_id)
    # Its exp, which is later than the announced end.
    [mark] = marks(table)
    assert without_layout(mark) == {"pk": f"revoked#{token_id}", "expires_at": NOW + 3600 + CACHE_SECONDS}


def test_revoking_again_changes_nothing(table: MemoryTable, send: Send, client: dict[str, Any]) -> None:
    token = issue(send, client)
    assert [revoke(send, client, token)["statusCode"] for _ in range(2)] == [200, 200]
    assert len(marks(table)) == 1


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "", "of another kind"])
def test_the_hint_changes_nothing(table: MemoryTable, send: Send, client: dict[str, Any], hint: str) -> None:
    """RFC 7009 2.1: the server may ignore it, because the token itself shows its type."""
    assert revoke(send, client, issue(send, client), token_type_hint=hint)["statusCode"] == 200
    assert len(marks(table)) == 1


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "\x00", "x" * 60_000, "." * 5000])
def test_revoking_an_invalid_token_succeeds(table: MemoryTable, send: Send, client: dict[str, Any], token: str) -> None:
    """RFC 7009 2.2: "invalid tokens do not cause an error response"."""
    assert revoke(send, client, token)["statusCode"] == 200
    assert marks(table) == []


def test_an_expired_token_leaves_no_mark(table: MemoryTable, send: Send, client: dict[str, Any], clock: Clock) -> None:
    token = issue(send, client)
    clock.now += 3600
    assert revoke(send, client, token)["statusCode"] == 200
    assert marks(table) == []


def test_the_token_of_another_client_is_refused_and_stays_valid(
    table: MemoryTable, send: Send, client: dict[str, Any]
) -> None:
    """RFC 7009 2.1: "the request is refused and the client is informed of the error"; RFC 6749 5.2 for which."""
    other = send("POST", "/dcr", json=MACHINE)["json"]
    answer = revoke(send, other, issue(send, client))
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_grant")
    assert marks(table) == []


def test_a_missing_token_is_an_invalid_request(send: Send, client: dict[str, Any]) -> None:
    """RFC 7009 2.1."""
    for form in ({}, {"token": ""}, {"token_type_hint": "access_token"}):
        answer = send("POST", "/revoke", form=form, headers=headers(client))
        assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", ["/revoke", "/introspect"])
def test_only_authenticated_clients_get_a_response(
    table: MemoryTable, send: Send, client: dict[str, Any], path: str
) -> None:
    """RFC 7009 2.1 and RFC 7662 2.1; a wrong secret looks like an unknown client."""
    public = send("POST", "/dcr", json={"redirect_uris": ["https://a.example/"], "token_endpoint_auth_method": "none"})
    form = {"token": issue(send, client)}
    wrong = send("POST", path, form=form, headers=basic(client["client_id"], "wrong"))
    unknown = send("POST", path, form=form, headers=basic("0" * 32, "wrong"))
    assert (wrong["statusCode"], wrong["json"]["error"]) == (401, "invalid_client")
    assert (wrong["body"], wrong["headers"]) == (unknown["body"], unknown["headers"])
    nobody = send("POST", path, form=form)
    named = send("POST", path, form={**form, "client_id": public["json"]["client_id"]})
    made_up = send("POST", path, form={**form, "client_id": "0" * 32})
    assert (nobody["statusCode"], nobody["json"]["error"]) == (401, "invalid_client")
    assert nobody["body"] == named["body"] == made_up["body"]
    assert marks(table) == []


@pytest.mark.parametrize("path", ["/revoke", "/introspect"])
def test_a_client_is_held_to_the_method_that_it_stated(send: Send, path: str) -> None:
    asked = {**MACHINE, "token_endpoint_auth_method": "client_secret_post"}
    client = send("POST", "/dcr", json=asked)["json"]
    credentials = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    assert send("POST", path, form={"token": "x"}, headers=headers(client))["statusCode"] == 401
    assert send("POST", path, form={"token": "x", **credentials})["statusCode"] == 200


@pytest.mark.parametrize("path", ["/revoke", "/introspect"])
@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("token=a&token=b", "application/x-www-form-urlencoded", 400, "invalid_request"),
        ("token=%ff", "application/x-www-form-urlencoded", 400, "invalid_request"),
        ("token=" + "x" * 70_000, "application/x-www-form-urlencoded", 413, "content_too_large"),
        ('{"token": "x"}', "application/json", 415, "unsupported_media_type"),
    ],
)
def test_requests_of_another_form_are_refused(
    send: Send, path: str, body: str, content_type: str, status: int, code: str
) -> None:
    """RFC 7009 2.1 and RFC 7662 2.1: form-encoded; RFC 6749 3.2: nothing twice."""
    answer = send("POST", path, body=body, headers={"Content-Type": content_type})
    assert (answer["statusCode"], answer["json"]["error"]) == (status, code)
