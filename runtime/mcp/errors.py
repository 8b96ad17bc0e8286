"""The error codes of JSON-RPC 2.0 and of MCP."""

from collections.abc import Mapping
from typing import Any, ClassVar

from runtime.authoring.json_values import NotJson
from runtime.http.errors import Problem
from runtime.mcp.revisions import SUPPORTED
from runtime.validation.schemas import SchemaViolation

RequestId = str | int


class JsonRpcError(Problem):
    """A JSON-RPC error response. ``id`` is that of the request it answers, ``None`` where none could be read.

    Over HTTP an error about one request travels with status 200 to legacy clients; ``modern_status`` is what
    2026-07-28 asks for.
    """

    code = "json_rpc_error"
    status = 200
    rpc_code: ClassVar[int]
    modern_status: ClassVar[int] = 200

    def __init__(self, reason: str, *, pointer: str | None = None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason, pointer=pointer)
        self.id: RequestId | None = None
        self.data = {**({"pointer": pointer, "reason": reason} if pointer is not None else {}), **(data or {})}

    @property
    def outcome(self) -> str:
        """What the log calls this error: its number."""
        return str(self.rpc_code)

    def body(self) -> dict[str, Any]:
        """The error response (JSON-RPC 2.0 section 5.1)."""
        error: dict[str, Any] = {"code": self.rpc_code, "message": self.description}
        if self.data:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": self.id, "error": error}


class ParseError(JsonRpcError):
    """JSON-RPC 2.0 5.1: the body is not JSON."""

    rpc_code = -32700
    status = 400
    modern_status = 400


class InvalidMessage(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Invalid Request": the JSON is not a message that may be sent here."""

    rpc_code = -32600
    status = 400
    modern_status = 400


class MethodNotFound(JsonRpcError):
    """JSON-RPC 2.0 5.1. MCP 2026-07-28, Protocol Version Header: with HTTP status 404."""

    rpc_code = -32601
    modern_status = 404


class InvalidParams(JsonRpcError):
    """JSON-RPC 2.0 5.1; also a tool, prompt or resource that is not there."""

    rpc_code = -32602

    @classmethod
    def of(cls, violation: SchemaViolation) -> "InvalidParams":
        """This error for parameters that their schema refuses."""
        return cls(violation.reason, pointer=f"/params{violation.pointer}")


class MalformedMetadata(InvalidParams):
    """MCP 2026-07-28, ``_meta``: a request without a required field is -32602 with HTTP status 400."""

    modern_status = 400


class ResourceNotFound(JsonRpcError):
    """MCP 2025-11-25 and earlier, Resources, Error Handling."""

    rpc_code = -32002


class InternalError(JsonRpcError):
    """JSON-RPC 2.0 5.1: a failure that nobody foresaw. The caller learns the request id; the log tells the rest."""

    rpc_code = -32603
    status = 500
    modern_status = 500

    def __init__(self, request_id: str) -> None:
        super().__init__("unexpected failure", data={"requestId": request_id})


class RequestFailed(InternalError):
    """An ``InternalError`` in what an author wrote: with status 200, since what is in a request may bring it about, and
    the server itself is well."""

    status = 200
    modern_status = 200


class UnsendableResult(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Internal error": a prompt, resource or completion has made what JSON cannot carry."""

    rpc_code = -32603

    def __init__(self, error: NotJson, request_id: str) -> None:
        super().__init__(f"JSON cannot carry the result: {error}", data={"requestId": request_id})


class ToldByAuthor(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Internal error", in the words of whoever wrote the prompt, resource or completion."""

    rpc_code = -32603


class ResponseTooLarge(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Internal error": the response is larger than Lambda can carry."""

    rpc_code = -32603

    def __init__(self) -> None:
        super().__init__("the response is too large")


class HeaderMismatch(JsonRpcError):
    """MCP 2026-07-28, Server Validation: the headers do not say what the body says."""

    rpc_code = -32020
    modern_status = 400


class UnsupportedProtocolVersion(JsonRpcError):
    """MCP 2026-07-28, Protocol Version Negotiation: tells the versions that are supported, and the one asked for."""

    rpc_code = -32022
    status = 400
    modern_status = 400

    def __init__(self, requested: str) -> None:
        super().__init__("unsupported protocol version", data={"supported": list(SUPPORTED), "requested": requested})


class MissingRequiredClientCapability(JsonRpcError):
    """MCP 2026-07-28, ``_meta``: the client has not declared capabilities whose paths are ``required``."""

    rpc_code = -32021
    modern_status = 400

    def __init__(self, required: list[tuple[str, ...]]) -> None:
        capabilities: dict[str, Any] = {}
        for path in required:
            place = capabilities
            for name in path:
                place = place.setdefault(name, {})
        super().__init__("missing required client capability", data={"requiredCapabilities": capabilities})


class InsufficientScope(JsonRpcError):
    """MCP 2026-07-28, Authorization, Scope Challenge Handling; RFC 6750 3.1. Names every scope that is needed.

    These and no others: "Scope accumulation across operations is a client-side responsibility."
    """

    rpc_code = -32600
    status = 403
    modern_status = 403

    def __init__(self, scopes: frozenset[str]) -> None:
        super().__init__("the access token lacks a scope that this needs", data={"requiredScopes": sorted(scopes)})
        self._scope = " ".join(sorted(scopes))

    def challenge(self, public_url: str) -> None:
        """Have the response tell a client what to ask for, and where."""
        self.headers["WWW-Authenticate"] = (
            f'Bearer error="insufficient_scope", scope="{self._scope}", {_resource_metadata(public_url)}, '
            f'error_description="{self.error_description}"'
        )


class TokenExpired(Problem):
    """RFC 6750 3.1, RFC 9728 5.1: the access token has expired since the authorizer looked at it."""

    status = 401
    code = "invalid_token"

    def __init__(self, public_url: str) -> None:
        challenge = f'Bearer error="invalid_token", {_resource_metadata(public_url)}'
        super().__init__("the access token has expired", headers={"WWW-Authenticate": challenge})


class SessionNotFound(JsonRpcError):
    """MCP 2025-11-25, Session Management 3: 404, upon which the client starts a new session."""

    rpc_code = -32600
    status = 404
    modern_status = 404


def _resource_metadata(public_url: str) -> str:
    """The parameter of a challenge that tells where the metadata of this resource is (RFC 9728 5.1)."""
    return f'resource_metadata="{public_url}/.well-known/oauth-protected-resource/mcp"'
