"""Harmless events for a version that nobody uses yet: it must not fail at import or in its first calls."""

import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

SERVER_ERROR = 500
OK = 200
SOURCE = "192.0.2.1"
REVISION = "2026-07-28"

Event = Mapping[str, Any]
Check = Callable[[Any], bool]


class Probe(NamedTuple):
    """One event, what it asks for, and whether an answer is good. ``error`` is a message that is a good answer, too."""

    asks: str
    event: Event
    is_good: Check
    error: str | None = None


def _mcp(_signing_key_arn: str) -> Sequence[Probe]:
    """Discover, and the list that every client asks for. They call no tool, and need no permission."""
    return (
        Probe("server/discover", _message("server/discover"), _has_status(OK)),
        # An app without tools has no such method, which is no failure.
        Probe("tools/list", _message("tools/list"), _is_below(SERVER_ERROR)),
    )


def _oauth(_signing_key_arn: str) -> Sequence[Probe]:
    """The metadata, and a client that does not exist, which reads the table."""
    unknown = _request("GET", "/clients/{clientId}", pathParameters={"clientId": f"probe-{uuid.uuid4()}"})
    return (
        Probe("the metadata", _request("GET", "/.well-known/oauth-authorization-server"), _has_status(OK)),
        Probe("a client that does not exist", unknown, _is_below(SERVER_ERROR)),
    )


def _login(_signing_key_arn: str) -> Sequence[Probe]:
    """The account page of nobody, which reads the signing key and writes nothing. It is missing without logins."""
    return (Probe("the account page", _request("GET", "/account"), _is_below(SERVER_ERROR)),)


def _authorizer(_signing_key_arn: str) -> Sequence[Probe]:
    """A token that no key has signed: it reads the keys, and is one denied token in the audit log."""
    header = _encode({"alg": "HS256", "typ": "at+jwt", "kid": str(uuid.uuid4())})
    token = f"{header}.{_encode({})}.{_encode({})}"
    event = {
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:region:000000000000:probe/probe/POST/mcp",
        **_request("POST", "/mcp", headers={"authorization": f"Bearer {token}"}),
    }
    # Where the API has a policy of its own, a denial is an exception.
    return (Probe("a token with an unknown key", event, _denies, "Unauthorized"),)


def _worker(_signing_key_arn: str) -> Sequence[Probe]:
    """A task that does not exist: it reads the table, and is skipped."""
    return (Probe("a task that does not exist", {"taskId": f"probe-{uuid.uuid4()}"}, _is_anything),)


def _rotation(signing_key_arn: str) -> Sequence[Probe]:
    """The step that makes the first key. There is one, so nothing happens."""
    event = {"Step": "initialise", "SecretId": signing_key_arn}
    return (Probe("a first key, which exists", event, _is_anything),)


def _tool(_signing_key_arn: str) -> Sequence[Probe]:
    """A tool that does not exist: the modules with the tools are imported, and none of them runs."""
    call = {
        "tool": "",
        "arguments": {},
        "client_id": "release-probe",
        "subject": "release-probe",
        "scopes": [],
        "request_id": f"probe-{uuid.uuid4()}",
        "protocol_version": REVISION,
    }
    return (Probe("a tool that does not exist", call, lambda answer: "result" in answer),)


# By the module of the handler, in the order in which a release moves them: what is called before what calls it.
PROBES: Mapping[str, Callable[[str], Sequence[Probe]]] = {
    "tool": _tool,
    "worker": _worker,
    "authorizer": _authorizer,
    "oauth": _oauth,
    "login": _login,
    "rotation": _rotation,
    "mcp": _mcp,
}


def _request(method: str, route: str, **parts: Any) -> dict[str, Any]:
    """Return the event of API Gateway for a request."""
    return {
        "httpMethod": method,
        "resource": route,
        "path": route,
        "headers": {},
        "requestContext": {"requestId": f"probe-{uuid.uuid4()}", "identity": {"sourceIp": SOURCE}},
        **parts,
    }


def _message(method: str) -> dict[str, Any]:
    """Return the event of an MCP request by a caller without scopes, as the authorizer describes callers."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientInfo": {"name": "release", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    event = _request(
        "POST",
        "/mcp",
        headers={
            "accept": "application/json, text/event-stream",
            "content-type": "application/json",
            "mcp-protocol-version": REVISION,
            "mcp-method": method,
        },
        body=json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta}}),
    )
    event["requestContext"]["authorizer"] = {
        "clientId": "release-probe",
        "subject": "release-probe",
        "scope": "",
        # It signs nothing that anybody else could present: the key belongs to this caller.
        "sealKeys": base64.urlsafe_b64encode(uuid.uuid4().bytes * 2).decode(),
    }
    return event


def _encode(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _has_status(status: int) -> Check:
    return lambda answer: isinstance(answer, dict) and answer.get("statusCode") == status


def _is_below(status: int) -> Check:
    return lambda answer: isinstance(answer, dict) and OK <= answer.get("statusCode", status) < status


def _denies(answer: Any) -> bool:
    return isinstance(answer, dict) and answer["policyDocument"]["Statement"][0]["Effect"] == "Deny"


def _is_anything(_answer: Any) -> bool:
    return True
