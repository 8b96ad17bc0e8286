"""The base class of all errors that clients see, and the errors of HTTP itself.

An error is raised anywhere and becomes a response in one place, ``runtime.http.dispatch``. The class has the error code
and the status. The instance has a reason, which never repeats a rejected value.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from runtime.audit import AuditEvent

# RFC 6749 5.2 and 4.1.2.1, RFC 6750 3: the characters that an error_description must not include.
NOT_IN_A_DESCRIPTION: Final = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


class Problem(Exception):
    """A refused request, with a reason for its sender.

    ``pointer`` is the JSON pointer (RFC 6901) of the invalid member, ``headers`` are added to the response.
    ``audit`` is the event for the audit log, if it is more specific than ``refused``.
    """

    status: int
    code: ClassVar[str]

    def __init__(
        self,
        reason: str,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
        audit: AuditEvent | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pointer = pointer
        self.headers = dict(headers or {})
        self.audit = audit

    @property
    def description(self) -> str:
        """The reason, after the pointer of the invalid member if there is one."""
        return f"{self.pointer}: {self.reason}" if self.pointer else self.reason

    @property
    def error_description(self) -> str:
        """The description in the characters that OAuth allows in an ``error_description``."""
        return NOT_IN_A_DESCRIPTION.sub("?", self.description.replace('"', "'"))

    @property
    def outcome(self) -> str:
        """The error code for the log."""
        return self.code

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the response (RFC 6749 5.2)."""
        return {"error": self.code, "error_description": self.error_description}


class NotFound(Problem):
    """RFC 9110 15.5.5."""

    status = 404
    code = "not_found"


class MethodNotAllowed(Problem):
    """RFC 9110 15.5.6: the response must carry ``Allow``."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(f"this path answers {', '.join(allowed)}", headers={"Allow": ", ".join(allowed)})


class NotAcceptable(Problem):
    """RFC 9110 15.5.7."""

    status = 406
    code = "not_acceptable"


class ContentTooLarge(Problem):
    """RFC 9110 15.5.14."""

    status = 413
    code = "content_too_large"


class UnsupportedMediaType(Problem):
    """RFC 9110 15.5.16."""

    status = 415
    code = "unsupported_media_type"


class OriginForbidden(Problem):
    """MCP 2026-07-28, Streamable HTTP, Security & Endpoint 1: an invalid ``Origin`` must be answered with 403."""

    status = 403
    code = "origin_forbidden"


class MalformedBody(Problem):
    """A body that does not match its media type: not JSON, nested too deeply, or not form-encoded."""

    status = 400
    code = "invalid_request"


class ServerError(Problem):
    """RFC 9110 15.6.1: an unexpected failure. The caller learns the request id; the log has the rest."""

    status = 500
    code = "server_error"

    def __init__(self, request_id: str) -> None:
        super().__init__("unexpected failure")
        self.request_id = request_id

    def body(self) -> dict[str, Any]:
        """Return the usual body, with the request id to look for in the log."""
        return {**super().body(), "request_id": self.request_id}
