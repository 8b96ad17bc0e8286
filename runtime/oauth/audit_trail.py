"""The audit trail of endpoints: the security events of a response, and every refusal with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from runtime.audit import AuditEvent, AuditLog
from runtime.http.body import FORM
from runtime.http.endpoint import Endpoint, Endpoints
from runtime.http.errors import Problem, ServerError
from runtime.http.event import Request, Response
from runtime.http.network import network
from runtime.oauth.clients.authentication import read_unverified_client_id

# The length at which an unverified client id is cut off.
MOST_CHARACTERS = 256


def audit_endpoints(endpoints: Endpoints, audit: AuditLog) -> Endpoints:
    """Return the same endpoints, which record their events and refusals before they respond."""
    return {route: _audit_endpoint(endpoint, audit) for route, endpoint in endpoints.items()}


def token_issued_event(access_token: str, grant_type: str) -> AuditEvent:
    """Return the event of a token that was just issued, from the token's own claims."""
    claims = jwt.decode(access_token, options={"verify_signature": False})
    facts = {"grant_type": grant_type, "subject": claims["sub"], "scope": claims["scope"], "token_id": claims["jti"]}
    return AuditEvent("token_issued", facts).with_facts({"grant_id": claims.get("grant_id")})


def _audit_endpoint(endpoint: Endpoint, audit: AuditLog) -> Endpoint:
    def admit(request: Request) -> Any:
        with _FailureRecorder(request, None, audit):
            return endpoint.admit(request)

    def read(request: Request) -> Any:
        with _FailureRecorder(request, None, audit):
            return endpoint.read(request)

    def handle(request: Request, value: Any) -> Response:
        with _FailureRecorder(request, value, audit):
            response = endpoint.handle(request, value)
        facts = {**_request_facts(request), "client_id": response.client_id}
        audit.record(*(event.with_facts(facts) for event in response.audit))
        return response

    return endpoint._replace(admit=admit, read=read, handle=handle)


@dataclass(frozen=True, slots=True)
class _FailureRecorder:
    """Records a request that is refused or fails unexpectedly."""

    request: Request
    value: Any
    audit: AuditLog

    def __enter__(self) -> None:
        """Record nothing yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Record the exception, if there is one, and let it propagate."""
        if isinstance(error, Problem):
            self._record_refusal(error)
        elif error is not None:
            # The message of the exception belongs in the function's log: it may repeat what was sent.
            failed = AuditEvent("failed", {"error": ServerError.code})
            self.audit.record(failed.with_facts(_request_facts(self.request)))

    def _record_refusal(self, problem: Problem) -> None:
        event = problem.audit or AuditEvent("refused")
        reason = {"error": problem.outcome, "error_description": problem.error_description}
        client_id = _read_unverified_client_id(self.request, self.value)
        self.audit.record(event.with_facts({**_request_facts(self.request), **reason, "claimed_client_id": client_id}))


def _request_facts(request: Request) -> dict[str, str | None]:
    return {
        "request_id": request.request_id,
        "endpoint": f"{request.method} {request.route}",
        "network": network(request.source_ip),
        "certificate_subject": request.certificate_subject,
    }


def _read_unverified_client_id(request: Request, value: Any) -> str | None:
    """Return the client id that a refused request states. Nothing proves that it is true."""
    client_id = request.path_parameters.get("clientId")
    if client_id is None and request.media_type == FORM:
        client_id = read_unverified_client_id(request, value if isinstance(value, Mapping) else {})
    return client_id[:MOST_CHARACTERS] if client_id else None
