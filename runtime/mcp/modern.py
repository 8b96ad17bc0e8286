"""The stateless era, 2026-07-28: every request states its protocol version in ``_meta``."""

from typing import Any, Final

from runtime.authoring.context import Channel, InputRequired
from runtime.http.event import Request
from runtime.mcp import features, headers, tasks
from runtime.mcp.call import Call, Method
from runtime.mcp.errors import MalformedMetadata, UnsupportedProtocolVersion
from runtime.mcp.message import Message
from runtime.mcp.revisions import LEGACY, MODERN, PREFIX, SUPPORTED
from runtime.mcp.round_trips import ask_client, recall_answers
from runtime.mcp.server_info import brief_server_info
from runtime.tokens.signer import Signer
from runtime.validation.schemas import SchemaViolation, schema

VERSION: Final = f"{PREFIX}protocolVersion"
# Lists depend on the caller's scopes, and may change with the next deployment.
CACHE: Final = {"ttlMs": 300_000, "cacheScope": "private"}


def is_modern(request: Request, message: Message) -> bool:
    """Whether a request has its version in ``_meta``, or a header that names no legacy revision.

    Versioning, Backward Compatibility: ``initialize`` without ``_meta`` selects legacy semantics, whatever the header.
    """
    if VERSION in message.meta or message.method == "initialize":
        return VERSION in message.meta
    stated = request.headers.get("mcp-protocol-version")
    return stated is not None and stated not in LEGACY


def check_envelope(request: Request, message: Message, method: Method | None) -> None:
    """Check ``_meta``, then the version, then the headers that repeat the body. ``method`` is ``None`` if unknown.

    Raise ``MalformedMetadata``, ``HeaderMismatch`` or ``UnsupportedProtocolVersion``.
    """
    try:
        schema(f"mcp/{MODERN}/meta").check(message.params)
    except SchemaViolation as violation:
        raise MalformedMetadata.of(violation) from violation
    version = message.meta[VERSION]
    headers.check_version(request, version)
    if version != MODERN:
        raise UnsupportedProtocolVersion(version)
    headers.check_method(request, message.method)
    if method is not None and method.name_member is not None:
        headers.check_name(request, message.params.get(method.name_member))


def open_channel(method: Method, message: Message, signer: Signer) -> Channel:
    """Return the channel between a run and its client, filled from the request alone."""
    meta = message.meta
    channel = Channel(
        capabilities=meta[f"{PREFIX}clientCapabilities"],
        progress_token=meta.get("progressToken"),
        log_level=lambda: meta.get(f"{PREFIX}logLevel"),
    )
    if method.can_ask:
        recall_answers(channel, str(message.method), message.params, signer)
    return channel


def run(method: Method, message: Message, call: Call) -> dict[str, Any]:
    """Run a method. Return its result, or one that asks the client for input."""
    try:
        result = method.run(call)
    except InputRequired as needed:
        return _complete(ask_client(call, str(message.method), needed), call)
    return _complete({**result, **CACHE} if method.is_cacheable else result, call)


def discover(call: Call) -> dict[str, Any]:
    """Discovery: the versions and capabilities of the server."""
    announced = features.capabilities(call.app)
    if "tasks" in features.features_of(call.app):
        announced["extensions"] = {tasks.EXTENSION: {}}
    # The icons are in this result alone: no client needs them with every response.
    meta = {f"{PREFIX}serverInfo": call.server_info}
    result: dict[str, Any] = {"supportedVersions": list(SUPPORTED), "capabilities": announced, "_meta": meta}
    return {**result, "instructions": call.app.instructions} if call.app.instructions else result


def _complete(result: dict[str, Any], call: Call) -> dict[str, Any]:
    """Return a result with the members that 2026-07-28 adds: ``resultType``, and ``serverInfo`` in ``_meta``."""
    meta = {f"{PREFIX}serverInfo": brief_server_info(call.server_info), **result.get("_meta", {})}
    return {"resultType": "complete", **result, "_meta": meta}
