"""The stateless era, 2026-07-28: every request says in ``_meta`` what it speaks."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.authoring.context import Channel, InputRequired
from runtime.http.event import Request
from runtime.mcp import features, headers, tasks
from runtime.mcp.call import Call
from runtime.mcp.errors import MalformedMetadata, UnsupportedProtocolVersion
from runtime.mcp.message import Message
from runtime.mcp.prompts import complete, get_prompt, list_prompts
from runtime.mcp.resources import list_resources, list_templates, read_resource
from runtime.mcp.revisions import LEGACY, MODERN, PREFIX, SUPPORTED
from runtime.mcp.round_trips import input_required, recall
from runtime.mcp.subscriptions import listen
from runtime.mcp.tools import list_tools
from runtime.tokens.signer import Signer
from runtime.validation.schemas import SchemaViolation, schema

VERSION: Final = f"{PREFIX}protocolVersion"
# What is listed depends on the caller's scopes, and may change with the next deployment.
CACHE: Final = {"ttlMs": 300_000, "cacheScope": "private"}

Method = Callable[[Call], dict[str, Any]]


def speaks(request: Request, message: Message) -> bool:
    """Whether a request is modern: it carries its version in ``_meta``, or its header names no legacy revision.

    Versioning, Backward Compatibility: ``initialize`` without ``_meta`` selects legacy semantics, whatever the header.
    """
    if VERSION in message.meta or message.method == "initialize":
        return VERSION in message.meta
    stated = request.headers.get("mcp-protocol-version")
    return stated is not None and stated not in LEGACY


def check_envelope(request: Request, message: Message) -> None:
    """What precedes the method, in order: ``_meta``, the version, the headers that repeat the body.

    Raises ``MalformedMetadata``, ``HeaderMismatch`` or ``UnsupportedProtocolVersion``.
    """
    try:
        schema(f"mcp/{MODERN}/meta").check(message.params)
    except SchemaViolation as violation:
        raise MalformedMetadata.of(violation) from violation
    version = message.meta[VERSION]
    headers.check_version(request, version)
    if version != MODERN:
        raise UnsupportedProtocolVersion(version)
    headers.check_routing(request, message)


def exchange(message: Message, signer: Signer) -> Channel:
    """What passes between the run and the client: all of it is in the request."""
    meta = message.meta
    made = Channel(
        capabilities=meta[f"{PREFIX}clientCapabilities"],
        progress_token=meta.get("progressToken"),
        log_level=lambda: meta.get(f"{PREFIX}logLevel"),
    )
    if message.method in ASKING:
        recall(made, str(message.method), message.params, signer)
    return made


def answer(request: Request, message: Message, call: Call) -> dict[str, Any]:
    """The result of a request whose envelope is in order. Raises ``JsonRpcError``."""
    name = str(message.method)
    if name == "tools/call" and (tool := call.app.tools.get(call.params["name"])):
        headers.check_parameters(request, tool, call.params.get("arguments", {}))
    try:
        return _complete(METHODS[name](call), call)
    except InputRequired as needed:
        return _complete(input_required(call, name, needed), call)


def discover(call: Call) -> dict[str, Any]:
    """Discovery: the versions and capabilities of the server."""
    announced = features.capabilities(call.app)
    if features.offers_tasks(call.app):
        announced["extensions"] = {tasks.EXTENSION: {}}
    result: dict[str, Any] = {"supportedVersions": list(SUPPORTED), "capabilities": announced}
    return {**result, "instructions": call.app.instructions} if call.app.instructions else result


def _complete(result: dict[str, Any], call: Call) -> dict[str, Any]:
    """A result with what 2026-07-28 wants on each: ``resultType``, and ``serverInfo`` in its ``_meta``."""
    meta = {**result.get("_meta", {}), f"{PREFIX}serverInfo": call.server_info}
    return {"resultType": "complete", **result, "_meta": meta}


def _cacheable(method: Method) -> Method:
    """The method with the caching hints of 2026-07-28 on its result."""
    return lambda call: {**method(call), **CACHE}


METHODS: Final[Mapping[str, Method]] = {
    "server/discover": _cacheable(discover),
    "tools/list": _cacheable(list_tools),
    "tools/call": tasks.call_or_start,
    "resources/list": _cacheable(list_resources),
    "resources/templates/list": _cacheable(list_templates),
    "resources/read": _cacheable(read_resource),
    "prompts/list": _cacheable(list_prompts),
    "prompts/get": get_prompt,
    "completion/complete": complete,
    "subscriptions/listen": listen,
    "tasks/get": tasks.get,
    "tasks/update": tasks.update,
    "tasks/cancel": tasks.cancel,
}
# MCP 2026-07-28, Multi Round-Trip Requests, Supported Requests.
ASKING: Final = frozenset({"tools/call", "prompts/get", "resources/read"})
