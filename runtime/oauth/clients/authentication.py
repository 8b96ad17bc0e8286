"""Client authentication at the endpoints that tokens are issued, revoked and asked about at (RFC 6749 2.3)."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote_plus

from runtime.http.event import Request
from runtime.http.header_values import credentials
from runtime.oauth.clients.directory import ClientDirectory
from runtime.oauth.clients.keys import ClientKeys
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidClient, InvalidRequest, OAuthError
from runtime.oauth.rate_limit import RateLimit, network
from runtime.records.errors import AlreadyExists
from runtime.records.oauth import Client, OneTimeStore
from runtime.settings import Settings

BASIC, POST, ASSERTION = "client_secret_basic", "client_secret_post", "private_key_jwt"
AUTH_METHODS = (BASIC, POST, ASSERTION)
# RFC 7591 2: a public client has nothing to authenticate with.
PUBLIC = "none"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class _Presented(NamedTuple):
    """Who a client says it is, the secret or the assertion that is to prove it, and where that came from."""

    method: str
    client_id: str
    proof: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ClientAuthenticator:
    """Tells which client a request comes from. ``clock`` reads seconds since the epoch."""

    settings: Settings
    clients: ClientDirectory
    keys: ClientKeys
    one_time: OneTimeStore
    failures: RateLimit
    clock: Callable[[], float]

    def admit(self, request: Request) -> Client | None:
        """The client that the ``Authorization`` header proves; ``None`` without one, where only the body can tell.

        Raises ``InvalidClient``, or ``TooManyRequests`` when that client has failed too often.
        """
        header = request.headers.get("authorization")
        return None if header is None else self._prove(request, _in_header(header))

    def __call__(self, request: Request, parameters: Mapping[str, str], *, public: bool = False) -> Client:
        """The client that the request proves to come from, or where ``public`` says so, a public one that it names.

        A client that stated a method at registration is held to it; one that did not may use Basic or the body.
        Raises ``InvalidClient``, ``TooManyRequests`` when that client has failed too often or too much had to be
        fetched, or ``InvalidRequest`` when two methods are mixed.
        """
        presented = _presented(request, parameters)
        if presented.method == PUBLIC and not public:
            # RFC 6749 5.2: so too where a public client names itself.
            raise _missing()
        if presented.method == BASIC and isinstance(request.admitted, Client):
            return request.admitted
        return self._prove(request, presented)

    def _prove(self, request: Request, presented: _Presented) -> Client:
        try:
            return self._proven(presented._replace(source=network(request.source_ip)))
        except InvalidClient:
            self.failures.count(presented.client_id)
            raise

    def _proven(self, presented: _Presented) -> Client:
        now = int(self.clock())
        client = self.clients.get(presented.client_id, presented.source)
        candidate = client if client and _may_use(client, presented.method, now) else None
        genuine = self._proofs()[presented.method](presented, candidate, now)
        if candidate is None or not genuine:
            raise _refused(presented.method)
        return candidate

    def _proofs(self) -> Mapping[str, Callable[[_Presented, Client | None, int], bool]]:
        return {BASIC: _has_secret, POST: _has_secret, ASSERTION: self._asserts, PUBLIC: _is_public}

    def _asserts(self, presented: _Presented, client: Client | None, now: int) -> bool:
        """Whether the client has signed the assertion for this server, now, and not sent it before (RFC 7523 3)."""
        from runtime.oauth.clients.assertion import claimed_kid, verify

        jwks = self.keys.find(client.metadata, claimed_kid(presented.proof), presented.source) if client else None
        issuer = self.settings.issuer
        # RFC 9126 2: each of the three is to be accepted at /par, and one server answers at all of its endpoints.
        audiences = (issuer, f"{issuer}/token", f"{issuer}/par")
        proven = verify(presented.proof, presented.client_id, jwks, audiences, now)
        if proven is None:
            return False
        try:
            self.one_time.consume(presented.client_id, proven.assertion_id, proven.expires_at, now)
        except AlreadyExists as error:
            raise InvalidClient("the assertion was used before") from error
        return True


def claimed_client_id(request: Request, parameters: Mapping[str, str]) -> str | None:
    """Whom a request says it comes from, whether or not it proves it; ``None`` where it does not say."""
    if "client_id" in parameters:
        return parameters["client_id"]
    try:
        return _presented(request, parameters).client_id
    except OAuthError:
        return None


def _has_secret(presented: _Presented, client: Client | None, _now: int) -> bool:
    return matches(presented.proof, client.secret_hash if client else None)


def _is_public(_presented: _Presented, client: Client | None, _now: int) -> bool:
    """Nothing to prove: the code, the refresh token or the access token that it presents tells whether it is its."""
    return client is not None


def _presented(request: Request, parameters: Mapping[str, str]) -> _Presented:
    in_header = request.headers.get("authorization")
    asserted = "client_assertion" in parameters or "client_assertion_type" in parameters
    if (in_header is not None) + ("client_secret" in parameters) + asserted > 1:
        # RFC 6749 2.3: not more than one authentication method in each request.
        raise InvalidRequest("more than one way of client authentication is included")
    if in_header is not None:
        presented = _in_header(in_header)
    elif asserted:
        presented = _in_assertion(parameters)
    else:
        presented = _in_body(parameters)
    if parameters.get("client_id", presented.client_id) != presented.client_id:
        raise InvalidRequest("client_id is not that of the client authentication", pointer="/client_id")
    return presented


def _in_body(parameters: Mapping[str, str]) -> _Presented:
    if "client_id" not in parameters:
        raise _missing()
    method = POST if "client_secret" in parameters else PUBLIC
    return _Presented(method, parameters["client_id"], parameters.get("client_secret", ""))


def _in_assertion(parameters: Mapping[str, str]) -> _Presented:
    """RFC 7521 4.2: the client is the subject, so ``client_id`` may be left out."""
    from runtime.oauth.clients.assertion import claimed_subject

    for name in ("client_assertion", "client_assertion_type"):
        if name not in parameters:
            raise InvalidRequest("is required", pointer=f"/{name}")
    subject = claimed_subject(parameters["client_assertion"])
    if parameters["client_assertion_type"] != ASSERTION_TYPE or subject is None:
        raise _refused(ASSERTION)
    return _Presented(ASSERTION, subject, parameters["client_assertion"])


def _in_header(header: str) -> _Presented:
    try:
        decoded = base64.b64decode(credentials(header, "basic") or "", validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise _refused(BASIC) from error
    client_id, colon, secret = decoded.partition(":")
    if not colon:
        raise _refused(BASIC)
    # RFC 6749 2.3.1: both are form-encoded before they are joined.
    return _Presented(BASIC, unquote_plus(client_id), unquote_plus(secret))


def _may_use(client: Client, method: str, now: int) -> bool:
    stated = client.metadata["token_endpoint_auth_method"]
    if method in {ASSERTION, PUBLIC}:
        return bool(stated == method)
    expired = client.secret_expires_at != 0 and client.secret_expires_at <= now
    return not expired and (method == stated or not client.stated_auth_method)


def _missing() -> InvalidClient:
    return InvalidClient("client authentication is missing", headers=_challenge())


def _refused(method: str) -> InvalidClient:
    """One refusal for an unknown client, a wrong proof and a wrong method: it tells nothing of which."""
    return InvalidClient("client authentication failed", headers=_challenge() if method == BASIC else {})


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Basic realm="token"'}
