"""What is told of requests that the authorizer denies, and of those that it lets through."""

import json
import logging

import pytest

from runtime.audit import AuditLog
from runtime.oauth.stores import Stores
from runtime.storage.clients import DynamoDBClients
from runtime.storage.marks import DynamoDBRevocations
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer, Unauthorized
from runtime.tokens.denials import SECONDS, Denials
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import create_first_key
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.unit.conftest import Clock, authorizer_settings
from tests.unit.tokens.asking import ARN, CLIENT, ask, effect


@pytest.mark.parametrize(
    ("key", "network"),
    [
        ("the key that is sent", "198.51.100.7/32"),
        ("the other key", "198.51.100.7/32"),
        ("a made-up key", "203.0.113.9/32"),
        ("", "203.0.113.9/32"),
        (None, "203.0.113.9/32"),
    ],
)
def test_a_denial_is_recorded_with_the_network_of_the_client_which_only_the_edge_can_forward(
    authorizer: Authorizer, audit: MemoryAuditLog, key: str | None, network: str
) -> None:
    """API Gateway checks the key after the authorizer, so a request without one gets here, whatever it says."""
    headers = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 203.0.113.9"}
    ask(authorizer, "Bearer x", **headers, **({} if key is None else {"X-Api-Key": key}))
    assert audit.events[0]["network"] == network


def test_a_long_client_id_is_told_in_part(audit: MemoryAuditLog, authorizer: Authorizer, tokens: Tokens) -> None:
    url = f"https://app.example.com/{'x' * 900}"
    assert effect(ask(authorizer, f"Bearer {tokens.issue(url, 's', 'mcp', 60, 'g')}")) == "Deny"
    assert audit.events[0]["claimed_client_id"] == url[:256]


def test_the_log_tells_the_outcome_and_never_the_token(
    authorizer: Authorizer, tokens: Tokens, caplog: pytest.LogCaptureFixture
) -> None:
    token = tokens.issue(CLIENT.client_id, "s", "mcp", 60)
    with caplog.at_level(logging.INFO):
        ask(authorizer, f"Bearer {token}")
        ask(authorizer, f"Bearer {token}x")
    records = [record for record in caplog.records if record.name == "runtime.tokens.authorizer"]
    assert [vars(record)["outcome"] for record in records] == ["ok", "denied"]
    assert token not in json.dumps([str(vars(record)) for record in records])


def test_denials_are_counted_in_the_audit_log_and_not_told_one_by_one(
    audit: MemoryAuditLog, authorizer: Authorizer, tokens: Tokens, stores: Stores, clock: Clock
) -> None:
    """Anyone can send invalid tokens: a flood of them must not cause a flood of events."""
    for _ in range(50):
        ask(authorizer, "Bearer x")
    assert [(event["event"], event["count"]) for event in audit.events] == [("access_denied", 1)]
    clock.now += SECONDS
    for _ in range(50):
        ask(authorizer, "Bearer x")
    told = audit.events
    assert [event["count"] for event in told] == [1, 50]
    assert (told[0]["error"], told[0]["error_description"]) == ("invalid_token", "DecodeError")
    assert (told[0]["network"], told[0]["request_id"]) == ("203.0.113.9/32", "r")


def test_a_denial_for_another_reason_is_not_hidden_by_a_flood_and_names_the_client(
    audit: MemoryAuditLog,
    authorizer: Authorizer,
    tokens: Tokens,
    clients: DynamoDBClients,
    revocations: DynamoDBRevocations,
) -> None:
    revoked, left = (tokens.issue(CLIENT.client_id, "s", "mcp", 60) for _ in range(2))
    verified = tokens.verify(revoked)
    revocations.revoke(verified.token_id, verified.expires_at)
    for token in ("x", revoked):
        ask(authorizer, f"Bearer {token}")
    clients.delete(CLIENT.client_id)
    ask(authorizer, f"Bearer {left}")
    reasons = {event["error_description"]: event.get("claimed_client_id") for event in audit.events}
    assert reasons == {"DecodeError": None, "revoked": CLIENT.client_id, "client is gone": CLIENT.client_id}
    assert revoked not in json.dumps(audit.events)


def test_the_audit_log_is_not_opened_for_a_request_that_is_let_through(
    tokens: Tokens, keys: MemoryKeys, stores: Stores, table: MemoryTable, clock: Clock
) -> None:
    """A client of CloudWatch Logs takes time to create, so allowed requests must not wait for it."""
    opened: list[int] = []

    def open_audit_log() -> AuditLog:
        opened.append(1)
        return stores.audit

    create_first_key(keys)
    stores.clients.add(CLIENT)
    statuses = DynamoDBTokenStatus(table, clock)
    authorizer = Authorizer(
        tokens, KeyRing(keys, clock), statuses, authorizer_settings(), Denials(open_audit_log, clock)
    )
    assert effect(ask(authorizer, f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60)}")) == "Allow"
    assert opened == []


def test_where_a_policy_of_the_api_refuses_networks_a_denial_is_the_exception_that_the_gateway_turns_into_a_401(
    audit: MemoryAuditLog, keys: MemoryKeys, tokens: Tokens, table: MemoryTable, clock: Clock
) -> None:
    """API Gateway, Developer Guide: the message is exactly this. A Deny would have the type of the policy's refusal."""
    create_first_key(keys)
    settings = authorizer_settings(raises_denials=True)
    statuses = DynamoDBTokenStatus(table, clock)
    raising = Authorizer(tokens, KeyRing(keys, clock), statuses, settings, Denials(lambda: audit, clock))
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        ask(raising, "Bearer x")
    assert [event["event"] for event in audit.events] == ["access_denied"]


def test_a_denial_is_recorded_with_the_subject_of_the_certificate(
    audit: MemoryAuditLog, authorizer: Authorizer
) -> None:
    identity = {"sourceIp": "203.0.113.9", "clientCert": {"subjectDN": "CN=agent,O=Example"}}
    context = {"requestId": "r", "identity": identity}
    authorizer.authorize({"methodArn": ARN, "headers": {"Authorization": "Bearer x"}, "requestContext": context})
    assert audit.events[-1]["certificate_subject"] == "CN=agent,O=Example"
