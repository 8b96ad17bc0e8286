"""Endpoints whose security events are written to the audit log: what happened, and what was refused and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from runtime.audit import AuditEvent, AuditLog
from runtime.http.body import FORM
from runtime.http.endpoint import Endpoint, Endpoints
from runtime.http.errors import Problem, ServerError
from runtime.http.event import Request, Response
from runtime.oauth.clients.authentication import claimed_client_id
from runtime.oauth.rate_limit import network

# What a stranger says of themselves is written down only so far.
MOST_CHARACTERS = 256


def audited(endpoints: Endpoints, audit: AuditLog) -> Endpoints:
    """The same endpoints; what their responses and refusals tell of is recorded before it is answered."""
    return {route: _audited(endpoint, audit) for route, endpoint in endpoints.items()}


def token_issued(access_token: str, grant_type: str) -> AuditEvent:
    """The event of a token that was just issued, by what the token itself says."""
    claims = jwt.decode(access_token, options={"verify_signature": False})
    facts = {"grant_type": grant_type, "subject": claims["sub"], "scope": claims["scope"], "token_id": claims["jti"]}
    return AuditEvent("token_issued", facts).with_facts({"grant_id": claims.get("grant_id")})


def _audited(endpoint: Endpoint, audit: AuditLog) -> Endpoint:
    def admit(request: Request) -> Any:
        with _Witness(request, None, audit):
            return endpoint.admit(request)

    def read(request: Request) -> Any:
        with _Witness(request, None, audit):
            return endpoint.read(request)

    def handle(request: Request, value: Any) -> Response:
        with _Witness(request, value, audit):
            response = endpoint.handle(request, value)
        facts = {**_circumstances(request), "client_id": response.client_id}
        audit.record(*(event.with_facts(facts) for event in response.audit))
        return response

    return endpoint._replace(admit=admit, read=read, handle=handle)


@dataclass(frozen=True, slots=True)
class _Witness:
    """Records how a request ends that is refused, or that fails in a way that nobody foresaw."""

    request: Request
    value: Any
    audit: AuditLog

    def __enter__(self) -> None:
        """Nothing is recorded before it has happened."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Let every exception through."""
        if isinstance(error, Problem):
            self._record_refusal(error)
        elif error is not None:
            # What the exception says is for the function's log: it may repeat what was sent.
            failed = AuditEvent("failed", {"error": ServerError.code})
            self.audit.record(failed.with_facts(_circumstances(self.request)))

    def _record_refusal(self, problem: Problem) -> None:
        event = problem.audit or AuditEvent("refused")
        told = {"error": problem.outcome, "error_description": problem.error_description}
        claimed = _claimed_client(self.request, self.value)
        self.audit.record(event.with_facts({**_circumstances(self.request), **told, "claimed_client_id": claimed}))


def _circumstances(request: Request) -> dict[str, str]:
    return {
        "request_id": request.request_id,
        "endpoint": f"{request.method} {request.route}",
        "network": network(request.source_ip),
    }


def _claimed_client(request: Request, value: Any) -> str | None:
    """Whom a refused request says it comes from, which need not be so."""
    claimed = request.path_parameters.get("clientId")
    if claimed is None and request.media_type == FORM:
        claimed = claimed_client_id(request, value if isinstance(value, Mapping) else {})
    return claimed[:MOST_CHARACTERS] if claimed else None
