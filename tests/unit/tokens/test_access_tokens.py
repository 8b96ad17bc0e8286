"""Access tokens: RFC 9068 section 4, and keys in rotation."""

import base64
from typing import Any

import jwt
import pytest

from runtime.records.errors import StoreUnavailable
from runtime.records.keys import PENDING, SigningKey
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import InvalidToken, Tokens
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import UnusableKey, create_first_key, promote_key, rotate
from runtime.tokens.rotation import test_key as check_key
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.support.keys import sign_hmac
from tests.unit.conftest import CACHE_SECONDS, NOW, PUBLIC_URL, Clock


@pytest.fixture
def ready(keys: MemoryKeys) -> MemoryKeys:
    create_first_key(keys)
    return keys


def issue(tokens: Tokens) -> str:
    return tokens.issue("client", "subject", "mcp mcp:admin", 60)


def start_rotation(keys: MemoryKeys, version: str) -> None:
    """Add a pending version without a value, as Secrets Manager does before the first step."""
    keys.put(version, "x" * 86, PENDING)


def turn(keys: MemoryKeys, audit: MemoryAuditLog, version: str) -> None:
    start_rotation(keys, version)
    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        for _ in range(2):  # Secrets Manager may call any step twice.
            rotate({"Step": step, "SecretId": "", "ClientRequestToken": version}, keys, audit)


def test_what_is_issued_verifies(ready: MemoryKeys, tokens: Tokens) -> None:
    verified = tokens.verify(issue(tokens))
    assert (verified.client_id, verified.subject) == ("client", "subject")
    assert verified.scopes == {"mcp", "mcp:admin"}


def test_a_token_expires_to_the_second(ready: MemoryKeys, tokens: Tokens, clock: Clock) -> None:
    token = issue(tokens)
    clock.now += 59
    tokens.verify(token)
    clock.now += 1
    with pytest.raises(InvalidToken, match="expired"):
        tokens.verify(token)


def test_what_is_signed_ends_later_than_what_is_announced(ready: MemoryKeys, tokens: Tokens) -> None:
    """By the time that API Gateway caches a decision, so that no cached decision outlives its token."""
    token = issue(tokens)
    verified = tokens.verify(token)
    assert (verified.expires_at, verified.signed_until) == (NOW + 60, NOW + 60 + CACHE_SECONDS)
    assert jwt.decode(token, options={"verify_signature": False})["exp"] == verified.signed_until


CLAIMS: dict[str, Any] = {
    "iss": PUBLIC_URL,
    "aud": f"{PUBLIC_URL}/mcp",
    "sub": "s",
    "client_id": "c",
    "scope": "mcp",
    "iat": NOW,
    "exp": NOW + 60 + CACHE_SECONDS,
    "jti": "j",
}


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "https://other.example.com/mcp"},
        {"aud": [f"{PUBLIC_URL}/mcp", "https://other.example.com"]},
        {"iss": "https://evil.example.com"},
        {"exp": NOW + CACHE_SECONDS},
        *({name: None} for name in CLAIMS),
    ],
    ids=str,
)
def test_a_token_with_a_wrong_or_missing_claim_is_refused(
    ready: MemoryKeys, tokens: Tokens, change: dict[str, Any]
) -> None:
    """RFC 9068 4: issuer, audience and expiry are checked, and every claim of section 2.2 is required."""
    key = ready.read()[0]
    claims = {name: value for name, value in {**CLAIMS, **change}.items() if value is not None}
    token = jwt.encode(claims, key.value, algorithm="HS256", headers={"typ": "at+jwt", "kid": key.kid})
    with pytest.raises(InvalidToken):
        tokens.verify(token)


@pytest.mark.parametrize(
    ("algorithm", "typ"), [("none", "at+jwt"), ("HS512", "at+jwt"), ("HS256", "JWT"), ("HS256", "id_token+jwt")]
)
def test_another_algorithm_or_type_is_refused(ready: MemoryKeys, tokens: Tokens, algorithm: str, typ: str) -> None:
    """RFC 9068 4 and RFC 8725 3.1, 3.11."""
    key = ready.read()[0]
    secret: str | bytes = key.value if algorithm != "none" else ""
    token = jwt.encode(CLAIMS, secret, algorithm=algorithm, headers={"typ": typ, "kid": key.kid})
    with pytest.raises(InvalidToken, match="type or algorithm"):
        tokens.verify(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d", "é", "e30.e30.e30", "\x00", "." * 50_000])
def test_garbage_is_refused_and_not_repeated(ready: MemoryKeys, tokens: Tokens, token: str) -> None:
    with pytest.raises(InvalidToken) as refusal:
        tokens.verify(token)
    assert not token or token not in str(refusal.value)


def test_another_implementation_reads_what_is_issued_and_the_other_way_round(ready: MemoryKeys, tokens: Tokens) -> None:
    """RFC 7515: by PyJWT, which the functions do without here."""
    key = ready.read()[0]
    claims = jwt.decode(
        issue(tokens), key.value, algorithms=["HS256"], options={"verify_aud": False, "verify_iat": False}
    )
    assert claims["sub"] == "subject"
    verified = tokens.verify(
        jwt.encode(CLAIMS, key.value, algorithm="HS256", headers={"typ": "at+jwt", "kid": key.kid})
    )
    assert (verified.token_id, verified.issued_at, verified.expires_at) == ("j", NOW, NOW + 60)


@pytest.mark.parametrize("change", [{"crit": ["exp"]}, {"alg": ["HS256"]}, {"typ": ["at+jwt"]}, {"kid": {}}], ids=str)
def test_a_header_that_is_not_ours_is_refused_whoever_signed(
    ready: MemoryKeys, tokens: Tokens, change: dict[str, Any]
) -> None:
    """RFC 7515 4.1.11 for ``crit``."""
    key = ready.read()[0]
    with pytest.raises(InvalidToken):
        tokens.verify(sign_hmac({"alg": "HS256", "typ": "at+jwt", "kid": key.kid, **change}, CLAIMS, key.value))


@pytest.mark.parametrize("header", [b"[" * 5001, b"9" * 5001, b"[]", b"null", b'{"alg": "\xff"}', b'{"kid": NaN}', b""])
def test_a_header_that_is_no_object_or_a_bomb_is_refused_without_a_failure(
    ready: MemoryKeys, tokens: Tokens, header: bytes
) -> None:
    encoded = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
    with pytest.raises(InvalidToken):
        tokens.verify(f"{encoded}.e30.eA")


def test_a_tampered_signature_is_refused(ready: MemoryKeys, tokens: Tokens) -> None:
    head, body, signature = issue(tokens).split(".")
    with pytest.raises(InvalidToken):
        tokens.verify(f"{head}.{body}.{signature[::-1]}")


def test_tokens_outlive_one_rotation_and_not_two(
    ready: MemoryKeys, audit: MemoryAuditLog, tokens: Tokens, clock: Clock
) -> None:
    old = tokens.issue("client", "subject", "mcp", 10_000)
    turn(ready, audit, "1" * 36)
    clock.now += 301
    new = tokens.issue("client", "subject", "mcp", 10_000)
    assert jwt.get_unverified_header(new)["kid"] == "1" * 36
    tokens.verify(old)
    turn(ready, audit, "2" * 36)
    clock.now += 301
    tokens.verify(new)
    with pytest.raises(InvalidToken, match="unknown key"):
        tokens.verify(old)


def test_an_unknown_key_id_is_looked_up_once(
    ready: MemoryKeys, audit: MemoryAuditLog, tokens: Tokens, settings: OAuthSettings, clock: Clock
) -> None:
    tokens.verify(issue(tokens))
    turn(ready, audit, "1" * 36)
    elsewhere = Tokens(settings.issuer, settings.resource, KeyRing(ready, clock), clock, CACHE_SECONDS)
    clock.now += 1
    tokens.verify(issue(elsewhere))


def test_a_flood_of_invented_key_ids_does_not_become_a_flood_of_reads(clock: Clock) -> None:
    class Counting:
        reads = 0

        def read(self) -> tuple[SigningKey, ...]:
            self.reads += 1
            return (SigningKey("kid", b"k" * 64),)

    store = Counting()
    ring = KeyRing(store, clock)
    for number in range(100):
        assert ring.find(f"invented-{number}") is None
    assert store.reads == 1


def test_making_the_first_key_twice_changes_nothing(keys: MemoryKeys, audit: MemoryAuditLog) -> None:
    event = {"Step": "initialise", "SecretId": ""}
    rotate(event, keys, audit)
    first = keys.read()
    rotate(event, keys, audit)
    assert keys.read() == first
    assert len(first[0].value) >= 64


def test_without_a_key_nothing_is_signed(keys: MemoryKeys, tokens: Tokens) -> None:
    with pytest.raises(StoreUnavailable):
        issue(tokens)


def test_a_version_that_is_not_pending_is_not_rotated(ready: MemoryKeys, audit: MemoryAuditLog) -> None:
    with pytest.raises(PermissionError):
        rotate({"Step": "createSecret", "SecretId": "", "ClientRequestToken": "9" * 36}, ready, audit)


def test_a_pending_version_without_a_value_passes_the_test_step_and_is_never_promoted(
    ready: MemoryKeys,
) -> None:
    """Secrets Manager tests a new schedule with such a version."""
    with pytest.raises(UnusableKey):
        promote_key(ready, "9" * 36)
    check_key(ready, "9" * 36)


def test_a_key_does_not_show_itself(ready: MemoryKeys) -> None:
    key = ready.read()[0]
    assert key.value.decode() not in repr(key)
