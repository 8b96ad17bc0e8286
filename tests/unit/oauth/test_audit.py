"""The audit log: one line for every security event, and no secret in any."""

import json
from typing import Any, get_args

import jwt
import pytest

from runtime.audit import AuditEvent, EventName
from runtime.http.endpoint import Endpoint
from runtime.http.event import Request, Response
from runtime.oauth.audit_trail import audit_endpoints
from runtime.oauth.credentials import new_credential
from runtime.oauth.errors import InvalidGrant
from runtime.tokens.rotation import rotate
from tests.memory.audit_log import SCHEMA, MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.unit.conftest import Send, basic, sender

MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    return dict(send("POST", "/dcr", json=MACHINE)["json"])


def bearer(client: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {client['registration_access_token']}"}


def credentials(client: dict[str, Any]) -> dict[str, str]:
    return basic(client["client_id"], client["client_secret"])


def test_a_registration_records_the_client_and_its_network(audit: MemoryAuditLog, client: dict[str, Any]) -> None:
    [event] = audit.events
    assert event.pop("time")
    assert event == {
        "event": "client_registered",
        "request_id": "request-1",
        "endpoint": "POST /dcr",
        "network": "203.0.113.9/32",
        "client_id": client["client_id"],
        "client_name": "robot",
        "scope": "mcp",
    }


def test_an_update_is_two_events_and_a_deletion_one(audit: MemoryAuditLog, send: Send, client: dict[str, Any]) -> None:
    """RFC 7592 2.2 and 2.3."""
    path = {"path_parameters": {"clientId": client["client_id"]}}
    asked = {**MACHINE, "client_id": client["client_id"]}
    updated = send("PUT", "/clients/{clientId}", json=asked, headers=bearer(client), **path)["json"]
    send("DELETE", "/clients/{clientId}", headers=bearer(updated), **path)
    events = audit.events[1:]
    assert [event["event"] for event in events] == ["client_replaced", "registration_token_rotated", "client_deleted"]
    assert {event["client_id"] for event in events} == {client["client_id"]}


def test_the_event_of_an_issued_token_has_the_claims_of_the_token(
    audit: MemoryAuditLog, send: Send, client: dict[str, Any]
) -> None:
    token = send("POST", "/token", form=GRANT, headers=credentials(client))["json"]["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    event = audit.events[1]
    assert (event["event"], event["grant_type"]) == ("token_issued", "client_credentials")
    assert (event["token_id"], event["subject"], event["scope"]) == (claims["jti"], claims["sub"], claims["scope"])
    assert event["client_id"] == claims["client_id"]


def test_a_revoked_token_is_recorded_and_an_invalid_one_is_not(
    audit: MemoryAuditLog, send: Send, client: dict[str, Any]
) -> None:
    """RFC 7009 2.2: 200 either way."""
    token = send("POST", "/token", form=GRANT, headers=credentials(client))["json"]["access_token"]
    for presented in (token, "no token"):
        assert send("POST", "/revoke", form={"token": presented}, headers=credentials(client))["statusCode"] == 200
    assert [event["event"] for event in audit.events] == ["client_registered", "token_issued", "token_revoked"]
    assert audit.events[1]["token_id"] == audit.events[2]["token_id"]


@pytest.mark.parametrize(
    ("form", "headers", "error", "claimed"),
    [
        (GRANT, basic("stranger", "x"), "invalid_client", "stranger"),
        (GRANT, basic("c" * 300, "x"), "invalid_client", "c" * 256),
        (GRANT, {"Authorization": "Basic ?"}, "invalid_client", None),
        ({}, basic("stranger", "x"), "invalid_client", "stranger"),
        (GRANT, {}, "invalid_client", None),
    ],
)
def test_a_refusal_records_its_reason_and_the_client_id_that_the_request_states(
    audit: MemoryAuditLog, send: Send, form: dict[str, str], headers: dict[str, str], error: str, claimed: str | None
) -> None:
    answer = send("POST", "/token", form=form, headers=headers, source_ip="2001:db8:1:2:3::4")
    [event] = audit.events
    assert (event["event"], event["error"], event.get("claimed_client_id")) == ("refused", error, claimed)
    assert event["error_description"] == answer["json"]["error_description"]
    assert event["network"] == "2001:db8:1:2::/64"


def test_a_wrong_registration_access_token_is_a_refusal_that_names_the_client_of_the_path(
    audit: MemoryAuditLog, send: Send, client: dict[str, Any]
) -> None:
    send(
        "DELETE",
        "/clients/{clientId}",
        path_parameters={"clientId": client["client_id"]},
        headers={"Authorization": "Bearer guess"},
    )
    event = audit.events[1]
    assert (event["error"], event["claimed_client_id"]) == ("invalid_token", client["client_id"])


def test_documents_and_introspection_are_not_recorded(
    audit: MemoryAuditLog, send: Send, client: dict[str, Any]
) -> None:
    send("GET", "/.well-known/oauth-authorization-server")
    assert send("POST", "/introspect", form={"token": "x"}, headers=credentials(client))["statusCode"] == 200
    assert len(audit.events) == 1


def test_no_line_holds_a_secret_or_a_token(audit: MemoryAuditLog, send: Send, client: dict[str, Any]) -> None:
    token = send("POST", "/token", form=GRANT, headers=credentials(client))["json"]["access_token"]
    send("POST", "/revoke", form={"token": token}, headers=credentials(client))
    send("POST", "/token", form={**GRANT, "client_secret": "twice"}, headers=credentials(client))
    written = json.dumps(audit.events)
    for secret in (client["client_secret"], client["registration_access_token"], token, "twice"):
        assert secret not in written


def test_a_refusal_can_have_an_event_of_its_own(audit: MemoryAuditLog) -> None:
    """RFC 9700 4.14.2: the reuse of a refresh token is an event of its own."""

    def reuse(_request: Request, _value: Any) -> Response:
        raise InvalidGrant("was used before", audit=AuditEvent("refresh_token_reused", {"grant_id": "g"}))

    send = sender(audit_endpoints({("GET", "/authorize"): Endpoint(reuse)}, audit))
    assert send("GET", "/authorize")["json"]["error"] == "invalid_grant"
    [event] = audit.events
    assert (event["event"], event["grant_id"], event["error"]) == ("refresh_token_reused", "g", "invalid_grant")


def test_key_events_are_recorded_once_however_often_a_step_is_called(keys: MemoryKeys, audit: MemoryAuditLog) -> None:
    version = "1" * 36
    for _ in range(2):
        rotate({"Step": "initialise", "SecretId": ""}, keys, audit)
    first = keys.read()[0].kid
    keys.put(version, new_credential(), "AWSPENDING")
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret", "finishSecret"):
        rotate({"Step": step, "SecretId": "", "ClientRequestToken": version}, keys, audit)
    assert [(event["event"], event["key_id"]) for event in audit.events] == [
        ("signing_key_made", first),
        ("signing_key_rotated", version),
    ]


def test_the_schema_and_the_vocabulary_are_the_same() -> None:
    schema = json.loads(SCHEMA.read_bytes())
    assert schema["properties"]["event"]["enum"] == list(get_args(EventName))
    assert all(rule["description"] for rule in schema["properties"].values())
