"""Client authentication at the token, revocation, introspection and pushed authorization endpoints (RFC 6749 2.3)."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote_plus

from runtime.http.event import Request
from runtime.http.header_values import credentials
from runtime.http.network import network
from runtime.oauth.clients.directory import ClientDirectory
from runtime.oauth.clients.keys import ClientKeys
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidClient, InvalidRequest, OAuthError
from runtime.oauth.rate_limit import RateLimit
from runtime.records.errors import AlreadyExists
from runtime.records.oauth import Client, OneTimeStore
from runtime.settings import Settings

BASIC, POST, ASSERTION = "client_secret_basic", "client_secret_post", "private_key_jwt"
AUTH_METHODS = (BASIC, POST, ASSERTION)
# RFC 7591 2: a public client has no credentials.
PUBLIC = "none"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class _Credentials(NamedTuple):
    """The credentials in a request, not yet verified. ``proof`` is a secret or an assertion, ``source`` an address."""

    method: str
    client_id: str
    proof: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClientAuthenticator:
    """Authenticates the client that sent a request. ``clock`` reads seconds since the epoch."""

    settings: Settings
    clients: ClientDirectory
    keys: ClientKeys
    one_time: OneTimeStore
    failures: RateLimit
    clock: Callable[[], float]

    def admit(self, request: Request) -> Client | None:
        """Authenticate by the ``Authorization`` header. Without one, return ``None``: the body decides later.

        Raises ``InvalidClient``, or ``TooManyRequests`` if that client has failed too often.
        """
        header = request.headers.get("authorization")
        return None if header is None else self._authenticate(request, _read_header(header))

    def __call__(self, request: Request, parameters: Mapping[str, str], *, public: bool = False) -> Client:
        """Authenticate the client of a request, and return it.

        With ``public``, public clients may authenticate with their ``client_id`` alone. A client that stated a method
        at registration must use it; one that did not may use Basic or the body. Raises ``InvalidClient``,
        ``InvalidRequest`` if two methods are mixed, and ``TooManyRequests`` if the client has failed too often or too
        many documents were fetched.
        """
        presented = _read_credentials(request, parameters)
        if presented.method == PUBLIC and not public:
            # RFC 6749 5.2: "no client authentication included".
            raise _missing_credentials_error()
        if presented.method == BASIC and isinstance(request.admitted, Client):
            return request.admitted
        return self._authenticate(request, presented)

    def _authenticate(self, request: Request, presented: _Credentials) -> Client:
        """Verify credentials, and count a failure."""
        try:
            return self._verify(presented._replace(source=network(request.source_ip)))
        except InvalidClient:
            self.failures.count(presented.client_id)
            raise

    def _verify(self, presented: _Credentials) -> Client:
        now = int(self.clock())
        client = self.clients.get(presented.client_id, presented.source)
        candidate = client if client and _may_use(client, presented.method, now) else None
        # Verified for an unknown client too, so that it takes the same time.
        verifier = self._verifiers()[presented.method]
        genuine = verifier(presented, candidate, now)
        if candidate is None or not genuine:
            raise _authentication_error(presented.method)
        return candidate

    def _verifiers(self) -> Mapping[str, Callable[[_Credentials, Client | None, int], bool]]:
        return {BASIC: _has_secret, POST: _has_secret, ASSERTION: self._consume_assertion, PUBLIC: _exists}

    def _consume_assertion(self, presented: _Credentials, client: Client | None, now: int) -> bool:
        """Verify an assertion and use it up (RFC 7523 3). Return whether the client has signed it for this server."""
        from runtime.oauth.clients.assertion import read_unverified_kid, verify_assertion

        jwks = None
        if client:
            jwks = self.keys.find(client.metadata, read_unverified_kid(presented.proof), presented.source)
        issuer = self.settings.issuer
        # RFC 9126 2: /par must accept each of the three, and all endpoints of this server accept the same.
        audiences = (issuer, f"{issuer}/token", f"{issuer}/par")
        assertion = verify_assertion(presented.proof, presented.client_id, jwks, audiences, now)
        if assertion is None:
            return False
        try:
            self.one_time.consume(presented.client_id, assertion.assertion_id, assertion.expires_at, now)
        except AlreadyExists as error:
            raise InvalidClient("the assertion was used before") from error
        return True


def read_unverified_client_id(request: Request, parameters: Mapping[str, str]) -> str | None:
    """Return the client id that a request states, ``None`` if it states none. Nothing is verified."""
    if "client_id" in parameters:
        return parameters["client_id"]
    try:
        return _read_credentials(request, parameters).client_id
    except OAuthError:
        return None


def _has_secret(presented: _Credentials, client: Client | None, _now: int) -> bool:
    return matches(presented.proof, client.secret_hash if client else None)


def _exists(_presented: _Credentials, client: Client | None, _now: int) -> bool:
    """Whether there is such a client. The code or token that a public client sends proves possession."""
    return client is not None


def _read_credentials(request: Request, parameters: Mapping[str, str]) -> _Credentials:
    """Return the credentials in a request, or raise ``InvalidClient`` or ``InvalidRequest``."""
    header = request.headers.get("authorization")
    has_assertion = "client_assertion" in parameters or "client_assertion_type" in parameters
    if (header is not None) + ("client_secret" in parameters) + has_assertion > 1:
        # RFC 6749 2.3: not more than one authentication method in each request.
        raise InvalidRequest("the client must not authenticate in more than one way")
    if header is not None:
        presented = _read_header(header)
    elif has_assertion:
        presented = _read_assertion(parameters)
    else:
        presented = _read_body(parameters)
    if parameters.get("client_id", presented.client_id) != presented.client_id:
        raise InvalidRequest("client_id is not that of the client authentication", pointer="/client_id")
    return presented


def _read_body(parameters: Mapping[str, str]) -> _Credentials:
    if "client_id" not in parameters:
        raise _missing_credentials_error()
    method = POST if "client_secret" in parameters else PUBLIC
    return _Credentials(method, parameters["client_id"], parameters.get("client_secret", ""))


def _read_assertion(parameters: Mapping[str, str]) -> _Credentials:
    """Read an assertion. RFC 7521 4.2: the client is its subject, so ``client_id`` may be left out."""
    from runtime.oauth.clients.assertion import read_unverified_subject

    for name in ("client_assertion", "client_assertion_type"):
        if name not in parameters:
            raise InvalidRequest("is required", pointer=f"/{name}")
    subject = read_unverified_subject(parameters["client_assertion"])
    if parameters["client_assertion_type"] != ASSERTION_TYPE or subject is None:
        raise _authentication_error(ASSERTION)
    return _Credentials(ASSERTION, subject, parameters["client_assertion"])


def _read_header(header: str) -> _Credentials:
    try:
        decoded = base64.b64decode(credentials(header, "basic") or "", validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise _authentication_error(BASIC) from error
    client_id, colon, secret = decoded.partition(":")
    if not colon:
        raise _authentication_error(BASIC)
    # RFC 6749 2.3.1: both are form-encoded before they are joined.
    return _Credentials(BASIC, unquote_plus(client_id), unquote_plus(secret))


def _may_use(client: Client, method: str, now: int) -> bool:
    stated = client.metadata["token_endpoint_auth_method"]
    if method in {ASSERTION, PUBLIC}:
        return bool(stated == method)
    expired = client.secret_expires_at != 0 and client.secret_expires_at <= now
    return not expired and (method == stated or not client.stated_auth_method)


def _missing_credentials_error() -> InvalidClient:
    return InvalidClient("client authentication is missing", headers=_challenge())


def _authentication_error(method: str) -> InvalidClient:
    """Return the same error for an unknown client, a wrong secret and a wrong method, to reveal nothing."""
    return InvalidClient("client authentication failed", headers=_challenge() if method == BASIC else {})


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Basic realm="token"'}
