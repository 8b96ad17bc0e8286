"""The authorizer: who may reach the MCP endpoint."""

import base64
import hashlib
import json
import logging
from typing import Any

import jwt
import pytest

from runtime.audit import AuditLog
from runtime.oauth.stores import Stores
from runtime.records.errors import StoreUnavailable
from runtime.records.oauth import Client, Grant
from runtime.storage.clients import DynamoDBClients
from runtime.storage.cutoff import DynamoDBCutoff
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
from tests.unit.conftest import CACHE_SECONDS, CHALLENGE, NOW, PUBLIC_URL, Clock, authorizer_settings

ARN = "arn:aws:execute-api:eu-central-1:123456789012:abcdef/dev/POST/mcp"
CLIENT = Client("c" * 32, "hash", "hash", {"scope": "mcp"}, False, NOW)
GRANT = Grant(
    grant_id="g",
    client_id=CLIENT.client_id,
    client_name="An editor",
    subject="s",
    scope="mcp",
    resource="https://mcp.example.com/mcp",
    redirect_uri="https://app.example.com/",
    code_challenge="x" * 43,
    code_hash="hash",
    code_expires_at=NOW + 60,
    created_at=NOW,
    absolute_expires_at=NOW + 600,
    expires_at=NOW + 600,
)


@pytest.fixture
def authorizer(keys: MemoryKeys, tokens: Tokens, stores: Stores, table: MemoryTable, clock: Clock) -> Authorizer:
    create_first_key(keys)
    stores.clients.add(CLIENT)
    statuses = DynamoDBTokenStatus(table, clock)
    hashes = tuple(hashlib.sha256(key.encode()).hexdigest() for key in ("the key that is sent", "the other key"))
    settings = authorizer_settings(
        scope_implies={"mcp:admin": ["mcp:read", "mcp:write"]}, is_behind_proxy=True, edge_key_hashes=hashes
    )
    return Authorizer(tokens, KeyRing(keys, clock), statuses, settings, Denials(lambda: stores.audit, clock))


def ask(authorizer: Authorizer, authorization: str | None, **headers: str) -> dict[str, Any]:
    headers |= {"Authorization": authorization} if authorization is not None else {}
    context = {"requestId": "r", "identity": {"sourceIp": "203.0.113.9"}}
    return authorizer.authorize({"methodArn": ARN, "headers": headers, "requestContext": context})


def effect(policy: dict[str, Any]) -> str:
    return str(policy["policyDocument"]["Statement"][0]["Effect"])


def test_a_good_token_is_allowed_and_tells_who_is_calling(authorizer: Authorizer, tokens: Tokens) -> None:
    policy = ask(authorizer, f"Bearer {tokens.issue(CLIENT.client_id, 'someone', 'mcp:write mcp', 60)}")
    assert effect(policy) == "Allow"
    assert policy["principalId"] == "someone"
    keys = policy["context"].pop("sealKeys")
    expected = {"clientId": CLIENT.client_id, "subject": "someone", "scope": "mcp mcp:write"}
    times = {"expiresAt": str(NOW + 60), "servedUntil": str(NOW + 60 + CACHE_SECONDS)}
    assert policy["context"] == {**expected, **times}
    assert keys


def test_what_a_scope_implies_is_told_with_it(authorizer: Authorizer, tokens: Tokens) -> None:
    """2026-07-28, Authorization, Step-Up Authorization Flow: "Servers MUST account for scope hierarchies"."""
    for scope, told in (("mcp:admin", "mcp:admin mcp:read mcp:write"), ("mcp:read", "mcp:read"), ("", "")):
        policy = ask(authorizer, f"Bearer {tokens.issue(CLIENT.client_id, 'someone', scope, 60)}")
        assert policy["context"]["scope"] == told


def test_signer_keys_are_the_principals_own_and_not_the_signing_key(
    authorizer: Authorizer, tokens: Tokens, keys: MemoryKeys
) -> None:
    def signer_keys(subject: str) -> str:
        policy = ask(authorizer, f"Bearer {tokens.issue(CLIENT.client_id, subject, 'mcp', 60)}")
        return str(policy["context"]["sealKeys"])

    assert signer_keys("someone") == signer_keys("someone")
    assert signer_keys("someone") != signer_keys("someone else")
    assert base64.urlsafe_b64decode(signer_keys("someone")) != keys.read()[0].value


def test_the_policy_covers_every_method_of_this_stage_and_nothing_else(authorizer: Authorizer, tokens: Tokens) -> None:
    """API Gateway reuses a cached policy for every request with the same token."""
    policy = ask(authorizer, f"bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60)}")
    resource = policy["policyDocument"]["Statement"][0]["Resource"]
    assert resource == "arn:aws:execute-api:eu-central-1:123456789012:abcdef/dev/*"


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer é"])
def test_anything_else_is_denied_without_an_error(authorizer: Authorizer, authorization: str | None) -> None:
    policy = ask(authorizer, authorization)
    assert effect(policy) == "Deny"
    # The gateway sends it: only a refusal that a login can mend has it.
    assert policy["context"] == {"wwwAuthenticate": CHALLENGE}


def test_a_token_is_denied_from_its_announced_end_so_that_no_cached_decision_outlives_it(
    authorizer: Authorizer, tokens: Tokens, clock: Clock
) -> None:
    """RFC 7519 4.1.4: it is not accepted "on or after" its exp, which a decision that is cached now does not reach."""
    token = tokens.issue(CLIENT.client_id, "s", "mcp", 300)
    exp = jwt.decode(token, options={"verify_signature": False})["exp"]
    clock.now = exp - CACHE_SECONDS - 1
    allowed = ask(authorizer, f"Bearer {token}")
    assert effect(allowed) == "Allow"
    assert clock.now + CACHE_SECONDS < float(allowed["context"]["servedUntil"]) == exp
    clock.now = exp - CACHE_SECONDS
    assert clock.now == NOW + 300
    assert effect(ask(authorizer, f"Bearer {token}")) == "Deny"


def test_a_token_that_was_signed_before_tokens_were_signed_for_longer_still_works(
    authorizer: Authorizer, keys: MemoryKeys, clock: Clock
) -> None:
    """It ends earlier than it was announced to, by the time that decisions are cached."""
    before = Tokens(PUBLIC_URL, f"{PUBLIC_URL}/mcp", KeyRing(keys, clock), clock, cache_seconds=0)
    token = before.issue(CLIENT.client_id, "s", "mcp", 3600)
    clock.now = NOW + 3600 - CACHE_SECONDS - 1
    assert effect(ask(authorizer, f"Bearer {token}")) == "Allow"
    clock.now += 1
    assert effect(ask(authorizer, f"Bearer {token}")) == "Deny"


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


def test_the_token_of_a_deleted_client_is_denied(
    authorizer: Authorizer, tokens: Tokens, clients: DynamoDBClients
) -> None:
    token = tokens.issue(CLIENT.client_id, "s", "mcp", 60)
    clients.delete(CLIENT.client_id)
    assert effect(ask(authorizer, f"Bearer {token}")) == "Deny"


def test_a_revoked_token_is_denied_and_the_others_of_its_client_are_not(
    authorizer: Authorizer, tokens: Tokens, revocations: DynamoDBRevocations
) -> None:
    """RFC 7009 2.2: the token is no longer valid."""
    revoked, other = (tokens.issue(CLIENT.client_id, "s", "mcp", 60) for _ in range(2))
    verified = tokens.verify(revoked)
    revocations.revoke(verified.token_id, verified.expires_at)
    assert effect(ask(authorizer, f"Bearer {revoked}")) == "Deny"
    assert effect(ask(authorizer, f"Bearer {other}")) == "Allow"


def test_a_store_that_is_away_is_a_failure_and_not_a_denial(
    authorizer: Authorizer, tokens: Tokens, table: MemoryTable
) -> None:
    token = f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60)}"
    table.is_away = True
    with pytest.raises(StoreUnavailable, match="get token status"):
        ask(authorizer, token)


def test_a_token_under_a_grant_is_good_as_long_as_the_grant(
    authorizer: Authorizer, tokens: Tokens, stores: Stores, clock: Clock
) -> None:
    """RFC 7009 2.1: revoking a grant ends all tokens that were issued under it."""
    stores.grants.add(GRANT)
    under, without = (f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 999, each)}" for each in ("g", None))
    assert effect(ask(authorizer, under)) == "Allow"
    stores.grants.revoke("g")
    assert (effect(ask(authorizer, under)), effect(ask(authorizer, without))) == ("Deny", "Allow")
    stores.grants.add(GRANT)
    clock.now = GRANT.expires_at
    assert effect(ask(authorizer, under)) == "Deny"


def test_a_token_under_a_grant_ends_with_its_registered_client(
    authorizer: Authorizer, tokens: Tokens, stores: Stores
) -> None:
    stores.grants.add(GRANT)
    token = f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60, 'g')}"
    stores.clients.delete(CLIENT.client_id)
    assert effect(ask(authorizer, token)) == "Deny"


def test_a_client_whose_id_is_a_url_needs_a_grant_and_no_registration(
    authorizer: Authorizer, tokens: Tokens, stores: Stores
) -> None:
    stores.grants.add(GRANT)
    url = "https://app.example.com/client.json"
    under, without = (f"Bearer {tokens.issue(url, 's', 'mcp', 60, each)}" for each in ("g", None))
    assert (effect(ask(authorizer, under)), effect(ask(authorizer, without))) == ("Allow", "Deny")


def test_the_tokens_of_a_disabled_client_are_denied_until_it_is_enabled(
    authorizer: Authorizer, tokens: Tokens, stores: Stores, clients: DynamoDBClients, audit: MemoryAuditLog
) -> None:
    stores.grants.add(GRANT)
    url = "https://app.example.com/client.json"
    issued = [(CLIENT.client_id, None), (CLIENT.client_id, "g"), (url, "g")]
    asked = [f"Bearer {tokens.issue(client_id, 's', 'mcp', 60, grant_id)}" for client_id, grant_id in issued]
    for client_id in (CLIENT.client_id, url):
        clients.disable(client_id)
    assert [effect(ask(authorizer, token)) for token in asked] == ["Deny"] * 3
    assert [event["error_description"] for event in audit.events] == ["client is disabled"]
    for client_id in (CLIENT.client_id, url):
        clients.enable(client_id)
    assert [effect(ask(authorizer, token)) for token in asked] == ["Allow"] * 3


def test_everything_that_was_issued_before_a_moment_is_denied(
    authorizer: Authorizer, tokens: Tokens, stores: Stores, table: MemoryTable, clock: Clock
) -> None:
    """A token that a grant got at that very moment ends with the grant, whatever its own time is."""
    stores.grants.add(GRANT)
    early = [f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60, grant)}" for grant in ("g", None)]
    DynamoDBCutoff(table).advance(NOW + 1)
    clock.now = NOW + 1
    late = [f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60, grant)}" for grant in ("g", None)]
    assert [effect(ask(authorizer, token)) for token in early] == ["Deny", "Deny"]
    assert [effect(ask(authorizer, token)) for token in late] == ["Deny", "Allow"]


def test_a_decision_takes_one_round_trip_to_the_table(
    authorizer: Authorizer, tokens: Tokens, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores.grants.add(GRANT)
    token = tokens.issue(CLIENT.client_id, "s", "mcp", 60, "g")
    calls: list[str] = []
    for method in ("get", "get_together"):
        read = getattr(MemoryTable, method)

        def count(*arguments: Any, read: Any = read) -> Any:
            calls.append(arguments[-1])
            return read(*arguments)

        monkeypatch.setattr(MemoryTable, method, count)
    assert effect(ask(authorizer, f"Bearer {token}")) == "Allow"
    assert calls == ["get token status"]


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
