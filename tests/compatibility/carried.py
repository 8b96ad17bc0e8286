"""What clients, browsers and API Gateway carry from one version to the next: tokens, signed values and credentials."""

import base64
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from runtime.authoring.asking import Pause
from runtime.authoring.context import Channel, InputRequired
from runtime.http.event import Caller, request_from_event
from runtime.login.forms import Forms
from runtime.login.request import AuthorizationRequest
from runtime.mcp import session
from runtime.mcp.pagination import PAGE_SIZE, page
from runtime.mcp.round_trips import ask_client, recall_answers
from runtime.oauth.grants.code import AuthorizationCode, RefreshToken
from runtime.records.keys import CURRENT
from runtime.settings import AuthorizerSettings
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.signer import Signer
from tests.compatibility.stored import ISSUER, REQUEST, clock, plain
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable

PUBLIC_URL = "https://mcp.example.com"
# Of nothing but these tests.
KEY = "recorded-" * 9
PARAMETERS = {"name": "greet", "arguments": {"greeting": "Hello"}}
ANSWER = {"action": "accept", "content": {"name": "Ann"}}
ITEMS = list(range(2 * PAGE_SIZE))
CACHE_SECONDS = 60


def key_ring() -> KeyRing:
    """Return the ring with the key under which everything is signed."""
    keys = MemoryKeys()
    keys.put("recorded", KEY, CURRENT)
    return KeyRing(keys, clock)


def write(table: MemoryTable) -> dict[str, Any]:
    """Return one of everything that is carried. ``table`` has the items of ``stored.write``."""
    tokens = _tokens(key_ring())
    users = tokens.issue("client-1", "user-1", "mcp", 3600, "grant-2")
    signer = _signer()
    refresh = RefreshToken.new("grant-1")
    return {
        "token of a client": tokens.issue("client-1", "client-1", "mcp", 3600),
        "token of a user": users,
        "context": authorize(table, users),
        "session": session.session_id({"elicitation": {"form": {}}}, signer),
        "cursor": page(ITEMS, "tools", None, signer)[1]["nextCursor"],
        "state": _write_state(signer),
        "form": Forms(key_ring(), clock, ISSUER).sign(
            "consent", "browser", {"request": REQUEST, "transaction": "transaction", "subject": "user-1"}
        ),
        "code": str(AuthorizationCode.new("grant-1")),
        "refresh token": str(refresh),
        "salt": "salt",
    }


def read(table: MemoryTable, carried: Mapping[str, Any]) -> dict[str, Any]:
    """Return what this version makes of everything that is carried, as plain JSON values."""
    tokens = _tokens(key_ring())
    signer = _signer()
    form = Forms(key_ring(), clock, ISSUER).verify("consent", "browser", carried["form"])
    code, refresh = AuthorizationCode.read(carried["code"]), RefreshToken.read(carried["refresh token"])
    found = {
        "token of a client": tokens.verify(carried["token of a client"]),
        "token of a user": tokens.verify(carried["token of a user"]),
        "context": authorize(table, carried["token of a user"]),
        "session": session.read_capabilities(_request({session.HEADER: carried["session"]}), signer),
        "cursor": page(ITEMS, "tools", carried["cursor"], signer)[0],
        "state": _read_state(carried["state"], signer),
        "form": {**form, "request": plain(AuthorizationRequest.from_dict(form["request"]))},
        "code": [code.grant_id, code.hash],
        "refresh token": [refresh.grant_id, refresh.family_hash, refresh.hash],
        # Both versions give the same successor to processes that share a token.
        "successor": refresh.successor(carried["salt"]).hash,
    }
    return {name: plain(value) for name, value in found.items()} | {"caller": read_caller(carried["context"])}


def authorize(table: MemoryTable, token: str) -> dict[str, str]:
    """Return the context that the authorizer passes on for a token."""
    settings = AuthorizerSettings(
        PUBLIC_URL, "INFO", "table", "key", {}, ISSUER, CACHE_SECONDS, challenge="Bearer", edge_key_hashes=()
    )
    ring = key_ring()
    denials = Denials(lambda: MemoryAuditLog(clock), clock)
    authorizer = Authorizer(_tokens(ring), ring, DynamoDBTokenStatus(table, clock, ISSUER), settings, denials)
    event = _event({"Authorization": f"Bearer {token}"}) | {"methodArn": "arn:aws:execute-api:r:1:api/dev/POST/mcp"}
    answer = authorizer.authorize(event)
    if answer["policyDocument"]["Statement"][0]["Effect"] != "Allow":
        raise RuntimeError("the token was denied")
    return dict(answer["context"])


def read_caller(context: Mapping[str, str]) -> dict[str, Any]:
    """Return whom the mcp function takes the caller for, given the authorizer's context."""
    caller = request_from_event(_event({}, authorizer=context)).caller
    assert isinstance(caller, Caller)
    return {
        "client_id": caller.client_id,
        "subject": caller.subject,
        "scopes": sorted(caller.scopes),
        "keys": [base64.b64encode(key).decode() for key in caller.signer_keys],
        "expires_at": caller.expires_at,
        "served_until": caller.served_until,
    }


def decode(part: str) -> bytes:
    """Return the bytes of a part of a token, which is base64url without padding."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _tokens(keys: KeyRing) -> Tokens:
    return Tokens(PUBLIC_URL, f"{PUBLIC_URL}/mcp", keys, clock, CACHE_SECONDS)


def _write_state(signer: Signer) -> str:
    """Return the state of a request that waits, with an answer of an earlier round."""
    channel = Channel(answers={"name": ANSWER})
    call: Any = SimpleNamespace(channel=channel, params=PARAMETERS, sender=SimpleNamespace(signer=signer))
    return str(ask_client(call, "tools/call", InputRequired({"pause": Pause()}))["requestState"])


def _read_state(state: str, signer: Signer) -> dict[str, Any]:
    channel = Channel()
    recall_answers(channel, "tools/call", {**PARAMETERS, "requestState": state}, signer)
    return {"answers": channel.answers, "already_sent": channel.already_sent}


def _signer() -> Signer:
    """Return the signer of the mcp function for the caller."""
    return Signer(key_ring().derive_keys("sign\0client-1\0user-1"), clock)


def _event(headers: Mapping[str, str], **context: Any) -> dict[str, Any]:
    return {
        "httpMethod": "POST",
        "resource": "/mcp",
        "headers": dict(headers),
        "requestContext": {"requestId": "request-1", "identity": {"sourceIp": "192.0.2.1"}, **context},
    }


def _request(headers: Mapping[str, str]) -> Any:
    return request_from_event(_event(headers))
