"""The errors of JSON-RPC 2.0 and MCP."""

from collections.abc import Mapping
from typing import Any, ClassVar

from runtime.authoring.json_values import NotJson
from runtime.http.errors import Problem
from runtime.mcp.revisions import SUPPORTED
from runtime.validation.schemas import SchemaViolation

RequestId = str | int


class JsonRpcError(Problem):
    """A JSON-RPC error. As a response of its own it has no id, for messages whose id cannot be read.

    ``ErrorResponse`` is the response to a request. Over HTTP an error about one request has status 200 for legacy
    clients; ``modern_status`` is the status that 2026-07-28 requires.
    """

    code = "json_rpc_error"
    status = 200
    rpc_code: ClassVar[int]
    modern_status: ClassVar[int] = 200

    def __init__(
        self,
        reason: str,
        *,
        pointer: str | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason, pointer=pointer, headers=headers)
        self.data = {**({"pointer": pointer, "reason": reason} if pointer is not None else {}), **(data or {})}

    @property
    def outcome(self) -> str:
        """The error code, for the log."""
        return str(self.rpc_code)

    def to_wire(self) -> dict[str, Any]:
        """Return the error object (JSON-RPC 2.0 section 5.1)."""
        error: dict[str, Any] = {"code": self.rpc_code, "message": self.description}
        return {**error, "data": self.data} if self.data else error

    def body(self) -> dict[str, Any]:
        """Return the error response to a message whose id cannot be read."""
        return error_body(None, self.to_wire())


class ErrorResponse(Problem):
    """The response to a request that failed: the error, the id of the request and the HTTP status of its era."""

    def __init__(self, error: JsonRpcError, message_id: RequestId | None, *, is_modern: bool = False) -> None:
        super().__init__(error.reason, pointer=error.pointer, headers=error.headers)
        self.status = error.modern_status if is_modern else error.status
        self.error = error
        self.id = message_id

    @property
    def outcome(self) -> str:
        """The error code, for the log."""
        return self.error.outcome

    def body(self) -> dict[str, Any]:
        """Return the error response (JSON-RPC 2.0 section 5.1)."""
        return error_body(self.id, self.error.to_wire())


def error_body(message_id: RequestId | None, error: Mapping[str, Any]) -> dict[str, Any]:
    """Return the error response with this error object to the request with this id."""
    return {"jsonrpc": "2.0", "id": message_id, "error": error}


class ParseError(JsonRpcError):
    """JSON-RPC 2.0 5.1: the body is not JSON."""

    rpc_code = -32700
    status = 400
    modern_status = 400


class InvalidMessage(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Invalid Request": the JSON is not a message that this endpoint accepts."""

    rpc_code = -32600
    status = 400
    modern_status = 400


class MethodNotFound(JsonRpcError):
    """JSON-RPC 2.0 5.1. MCP 2026-07-28, Protocol Version Header: with HTTP status 404."""

    rpc_code = -32601
    modern_status = 404


class InvalidParams(JsonRpcError):
    """JSON-RPC 2.0 5.1. Also the error for an unknown tool or prompt, and in 2026-07-28 for an unknown resource."""

    rpc_code = -32602

    @classmethod
    def of(cls, violation: SchemaViolation) -> "InvalidParams":
        """Return the error for parameters that do not match their schema."""
        return cls(violation.reason, pointer=f"/params{violation.pointer}")


class MalformedMetadata(InvalidParams):
    """MCP 2026-07-28, ``_meta``: a request without a required field is -32602 with HTTP status 400."""

    modern_status = 400


class ResourceNotFound(JsonRpcError):
    """MCP 2025-11-25 and earlier, Resources, Error Handling."""

    rpc_code = -32002


class InternalError(JsonRpcError):
    """JSON-RPC 2.0 5.1: an unexpected failure. The client gets the request id; the log has the details."""

    rpc_code = -32603
    status = 500
    modern_status = 500

    def __init__(self, request_id: str) -> None:
        super().__init__("unexpected failure", data={"requestId": request_id})


class RequestFailed(InternalError):
    """An ``InternalError`` in a prompt, resource or completion. Its status is 200: the content of a request can cause
    it, and the server itself works."""

    status = 200
    modern_status = 200


class UnsendableResult(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Internal error": a prompt, resource or completion returned a value that JSON cannot carry."""

    rpc_code = -32603

    def __init__(self, error: NotJson, request_id: str) -> None:
        super().__init__(f"JSON cannot carry the result: {error}", data={"requestId": request_id})


class AuthorError(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Internal error", with the message of the prompt, resource or completion that failed."""

    rpc_code = -32603


class ResponseTooLarge(JsonRpcError):
    """JSON-RPC 2.0 5.1, "Internal error": the response is larger than Lambda can return."""

    rpc_code = -32603

    def __init__(self) -> None:
        super().__init__("the response is too large")


class HeaderMismatch(JsonRpcError):
    """MCP 2026-07-28, Server Validation: the headers do not match the body."""

    rpc_code = -32020
    modern_status = 400


class UnsupportedProtocolVersion(JsonRpcError):
    """MCP 2026-07-28, Protocol Version Negotiation: names the supported versions and the requested one."""

    rpc_code = -32022
    status = 400
    modern_status = 400

    def __init__(self, requested: str) -> None:
        super().__init__("unsupported protocol version", data={"supported": list(SUPPORTED), "requested": requested})


class MissingRequiredClientCapability(JsonRpcError):
    """MCP 2026-07-28, ``_meta``: the client did not declare the capabilities at the paths ``required``."""

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

    These and no others: "Scope accumulation across operations is a client-side responsibility." ``public_url`` is
    where the challenge sends the client. A task's error has no challenge, and so no ``public_url``.
    """

    rpc_code = -32600
    status = 403
    modern_status = 403
    REASON: ClassVar[str] = "the access token lacks a scope that this needs"

    def __init__(self, scopes: frozenset[str], public_url: str | None = None) -> None:
        super().__init__(self.REASON, data={"requiredScopes": sorted(scopes)})
        if public_url is not None:
            self.headers["WWW-Authenticate"] = (
                f'Bearer error="insufficient_scope", scope="{" ".join(sorted(scopes))}", '
                f'{_resource_metadata(public_url)}, error_description="{self.error_description}"'
            )


class TokenExpired(Problem):
    """RFC 6750 3.1, RFC 9728 5.1: the access token expired after the authorizer accepted it."""

    status = 401
    code = "invalid_token"

    def __init__(self, public_url: str) -> None:
        challenge = f'Bearer error="invalid_token", {_resource_metadata(public_url)}'
        super().__init__("the access token has expired", headers={"WWW-Authenticate": challenge})


class SessionNotFound(JsonRpcError):
    """MCP 2025-11-25, Session Management 3: after a 404 the client starts a new session."""

    rpc_code = -32600
    status = 404
    modern_status = 404


def _resource_metadata(public_url: str) -> str:
    """Return the challenge parameter with the URL of this resource's metadata (RFC 9728 5.1)."""
    return f'resource_metadata="{public_url}/.well-known/oauth-protected-resource/mcp"'
