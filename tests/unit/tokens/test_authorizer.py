"""The authorizer: who may reach the MCP endpoint."""

import base64
from typing import Any

import jwt
import pytest

from runtime.records.errors import StoreUnavailable
from runtime.storage.clients import DynamoDBClients
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.marks import DynamoDBRevocations
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.key_ring import KeyRing
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.support.grants import add_grant
from tests.unit.conftest import CACHE_SECONDS, CHALLENGE, NOW, PUBLIC_URL, Clock
from tests.unit.tokens.asking import CLIENT, GRANT, ask, effect


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
    authorizer: Authorizer, tokens: Tokens, grants: DynamoDBGrants, clock: Clock
) -> None:
    """RFC 7009 2.1: revoking a grant ends all tokens that were issued under it."""
    add_grant(grants, GRANT)
    under, without = (f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 999, each)}" for each in ("g", None))
    assert effect(ask(authorizer, under)) == "Allow"
    grants.revoke("g")
    assert (effect(ask(authorizer, under)), effect(ask(authorizer, without))) == ("Deny", "Allow")
    add_grant(grants, GRANT)
    clock.now = GRANT.expires_at
    assert effect(ask(authorizer, under)) == "Deny"


def test_a_token_under_a_grant_ends_with_its_registered_client(
    authorizer: Authorizer, tokens: Tokens, grants: DynamoDBGrants, clients: DynamoDBClients
) -> None:
    add_grant(grants, GRANT)
    token = f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60, 'g')}"
    clients.delete(CLIENT.client_id)
    assert effect(ask(authorizer, token)) == "Deny"


def test_a_client_whose_id_is_a_url_needs_a_grant_and_no_registration(
    authorizer: Authorizer, tokens: Tokens, grants: DynamoDBGrants
) -> None:
    add_grant(grants, GRANT)
    url = "https://app.example.com/client.json"
    under, without = (f"Bearer {tokens.issue(url, 's', 'mcp', 60, each)}" for each in ("g", None))
    assert (effect(ask(authorizer, under)), effect(ask(authorizer, without))) == ("Allow", "Deny")


def test_the_tokens_of_a_disabled_client_are_denied_until_it_is_enabled(
    authorizer: Authorizer, tokens: Tokens, grants: DynamoDBGrants, clients: DynamoDBClients, audit: MemoryAuditLog
) -> None:
    add_grant(grants, GRANT)
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
    authorizer: Authorizer, tokens: Tokens, grants: DynamoDBGrants, table: MemoryTable, clock: Clock
) -> None:
    """A token that a grant got at that very moment ends with the grant, whatever its own time is."""
    add_grant(grants, GRANT)
    early = [f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60, grant)}" for grant in ("g", None)]
    DynamoDBCutoff(table).advance(NOW + 1)
    clock.now = NOW + 1
    late = [f"Bearer {tokens.issue(CLIENT.client_id, 's', 'mcp', 60, grant)}" for grant in ("g", None)]
    assert [effect(ask(authorizer, token)) for token in early] == ["Deny", "Deny"]
    assert [effect(ask(authorizer, token)) for token in late] == ["Deny", "Allow"]


def test_a_decision_takes_one_round_trip_to_the_table(
    authorizer: Authorizer, tokens: Tokens, grants: DynamoDBGrants, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_grant(grants, GRANT)
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
