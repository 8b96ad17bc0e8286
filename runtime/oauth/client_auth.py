"""Client authentication at the token endpoint (RFC 6749 2.3)."""

import base64
import binascii
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote_plus

from runtime.event import Request
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidClient, InvalidRequest
from runtime.storage.records import Client, ClientStore

BASIC, POST = "client_secret_basic", "client_secret_post"
AUTH_METHODS = (BASIC, POST)


class _Presented(NamedTuple):
    method: str
    client_id: str
    client_secret: str


def authenticate(request: Request, parameters: Mapping[str, str], clients: ClientStore, now: int) -> Client:
    """The client that the request proves to come from.

    A client that stated a method at registration is held to it; one that did not may use Basic or the body.
    Raises ``InvalidClient``, or ``InvalidRequest`` when two methods are mixed.
    """
    presented = _presented(request, parameters)
    client = clients.get(presented.client_id)
    genuine = matches(presented.client_secret, client.secret_hash if client else None)
    if client is None or not genuine or not _may_use(client, presented.method, now):
        raise _refused(presented.method)
    return client


def _presented(request: Request, parameters: Mapping[str, str]) -> _Presented:
    basic = request.headers.get("authorization")
    if basic is None:
        return _in_body(parameters)
    if "client_secret" in parameters:
        # RFC 6749 2.3: not more than one authentication method in each request.
        raise InvalidRequest("client authentication is included in the header and in the body")
    presented = _in_header(basic)
    if parameters.get("client_id", presented.client_id) != presented.client_id:
        raise InvalidRequest("client_id differs between the header and the body")
    return presented


def _in_body(parameters: Mapping[str, str]) -> _Presented:
    try:
        return _Presented(POST, parameters["client_id"], parameters["client_secret"])
    except KeyError as error:
        raise InvalidClient("client authentication is missing", headers=_challenge()) from error


def _in_header(header: str) -> _Presented:
    scheme, _, credentials = header.partition(" ")
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise _refused(BASIC) from error
    client_id, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise _refused(BASIC)
    # RFC 6749 2.3.1: both are form-encoded before they are joined.
    return _Presented(BASIC, unquote_plus(client_id), unquote_plus(secret))


def _may_use(client: Client, method: str, now: int) -> bool:
    expired = client.secret_expires_at != 0 and client.secret_expires_at <= now
    stated = client.metadata["token_endpoint_auth_method"]
    return not expired and (method == stated or not client.stated_auth_method)


def _refused(method: str) -> InvalidClient:
    """One refusal for an unknown client, a wrong secret and a wrong method: it tells nothing of which."""
    return InvalidClient("client authentication failed", headers=_challenge() if method == BASIC else {})


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Basic realm="token"'}
