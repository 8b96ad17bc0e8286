"""API Gateway proxy events, ``Request`` and ``Response``: the only place that knows the shape of an event."""

import base64
import binascii
import json
import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from runtime.audit import AuditEvent
from runtime.http.client_address import client_address
from runtime.http.client_certificate import certificate_subject
from runtime.http.errors import MalformedBody
from runtime.http.header_values import cookie_values, media_type
from runtime.scopes import scope_list

NO_MEMBERS: Mapping[str, Any] = MappingProxyType({})


class Caller(NamedTuple):
    """The caller, as verified by the authorizer.

    ``scopes`` are those of the access token and those that they imply. ``expires_at`` is when the token expires, and
    ``served_until`` how long API Gateway may reuse the decision on it, both in seconds since the epoch. ``signer_keys``
    are derived for this principal alone, newest first.
    """

    client_id: str
    subject: str
    scopes: frozenset[str]
    signer_keys: tuple[bytes, ...]
    expires_at: float = math.inf
    served_until: float = math.inf

    def __repr__(self) -> str:
        """Leave the keys out."""
        return f"Caller(client_id={self.client_id!r}, subject={self.subject!r})"


class Request(NamedTuple):
    """One HTTP request.

    ``route`` is the path of the route table (``/clients/{clientId}``). Header names are lower case, and the values of a
    repeated header are joined by ", " (RFC 9110 5.3). ``source_ip`` is the address of the client. ``caller`` is
    ``None`` on unprotected routes, ``admitted`` is the result of the endpoint's ``admit``. ``time_left`` returns the
    seconds until Lambda stops the function. ``certificate_subject`` is that of the client's certificate, if API Gateway
    asked for one.
    """

    method: str
    route: str
    request_id: str
    headers: Mapping[str, str] = NO_MEMBERS
    path_parameters: Mapping[str, str] = NO_MEMBERS
    query: Mapping[str, tuple[str, ...]] = NO_MEMBERS
    body: bytes = b""
    source_ip: str = ""
    caller: Caller | None = None
    admitted: Any = None
    time_left: Callable[[], float] = lambda: math.inf
    certificate_subject: str | None = None

    @property
    def cookies(self) -> Mapping[str, Sequence[str]]:
        """The cookies of the request by name, each with all of its values (RFC 6265 4.2)."""
        return cookie_values(self.headers.get("cookie", ""))

    @property
    def media_type(self) -> str:
        """The media type of the body, in lower case and without parameters; empty without a valid one."""
        return media_type(self.headers.get("content-type", ""))


class Response(NamedTuple):
    """One HTTP response. ``body`` is text: this API has no binary responses.

    ``client_id`` is for the logs, ``audit`` for the audit log. ``cookies`` are the values of separate ``Set-Cookie``
    headers, which cannot be joined (RFC 6265 3).
    """

    status: int
    headers: Mapping[str, str] = NO_MEMBERS
    body: str = ""
    client_id: str | None = None
    audit: tuple[AuditEvent, ...] = ()
    cookies: tuple[str, ...] = ()


def request_from_event(
    event: Mapping[str, Any], time_left: Callable[[], float] = lambda: math.inf, *, is_behind_proxy: bool = False
) -> Request:
    """Return the request in a REST API Lambda proxy event.

    ``is_behind_proxy`` is whether all requests come through a proxy that states the client's address. Raises
    ``MalformedBody`` if the body should be base64 and is not.
    """
    context = event["requestContext"]
    headers = headers_from_event(event)
    # The key that lets the proxy in is of no use to any code here, so none of it can log the key.
    headers.pop("x-api-key", None)
    return Request(
        method=event["httpMethod"],
        route=event["resource"],
        request_id=context["requestId"],
        headers=headers,
        path_parameters=event.get("pathParameters") or {},
        query={name: tuple(values) for name, values in (event.get("multiValueQueryStringParameters") or {}).items()},
        body=_body(event),
        source_ip=client_address(event, headers, is_behind_proxy=is_behind_proxy),
        caller=_caller(context.get("authorizer")),
        time_left=time_left,
        certificate_subject=certificate_subject(event),
    )


def headers_from_event(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a proxy or authorizer event as ``Request`` has them, with names in lower case."""
    lists = event.get("multiValueHeaders") or {name: [value] for name, value in (event.get("headers") or {}).items()}
    headers: dict[str, list[str]] = {}
    for name, values in lists.items():
        headers.setdefault(name.lower(), []).extend(values)
    # RFC 9113 8.2.3: the values of several Cookie fields are joined by "; ".
    return {name: ("; " if name == "cookie" else ", ").join(values) for name, values in headers.items()}


def event_from_response(response: Response) -> dict[str, Any]:
    """Return the response in the form that a Lambda proxy integration expects."""
    answer = {"statusCode": response.status, "headers": dict(response.headers), "body": response.body}
    return answer | ({"multiValueHeaders": {"Set-Cookie": list(response.cookies)}} if response.cookies else {})


def json_response(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response that is not cached, unless ``headers`` say otherwise."""
    defaults = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(status, {**defaults, **(headers or {})}, json.dumps(body, ensure_ascii=False))


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedBody("the body is not base64") from error


def _caller(authorizer: Mapping[str, Any] | None) -> Caller | None:
    if not authorizer or "clientId" not in authorizer:
        return None
    return Caller(
        authorizer["clientId"],
        authorizer["subject"],
        frozenset(scope_list(authorizer["scope"])),
        tuple(map(base64.urlsafe_b64decode, authorizer["sealKeys"].split())),
        # A cached decision of an earlier version of the authorizer has neither, or only expiresAt.
        float(authorizer.get("expiresAt", math.inf)),
        float(authorizer.get("servedUntil", math.inf)),
    )
