"""Reading authorization requests: from the query, or by the request URI of a pushed request (RFC 9126)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from runtime.http.event import Request
from runtime.http.network import network
from runtime.login.errors import InvalidRequestUri, ReturnAddress, ReturnedError
from runtime.login.request import AuthorizationRequest, client_name, validate_request
from runtime.oauth.clients.redirect_uri import check_redirect_uri, redirect_uri_matches
from runtime.oauth.credentials import digest
from runtime.oauth.errors import InvalidRedirectUri, InvalidRequest, OAuthError
from runtime.records.login import PushedStore
from runtime.records.oauth import Client
from runtime.settings import LoginSettings
from runtime.validation.schemas import SchemaViolation, schema

REFERENCE = "urn:ietf:params:oauth:request_uri:"
# These decide where a response may go. While one of them is wrong, there is no place to send an error to.
DECISIVE = ("client_id", "redirect_uri", "request_uri")
# RFC 8707 2: resource may be included more than once.
REPEATABLE = "resource"
# RFC 6749 A.5.
STATE = re.compile(r"[\x20-\x7e]{1,4096}")

# Finds a client by its id. The network is for the rate limit: the metadata of a client may have to be fetched.
GetClient = Callable[[str, str], Client | None]


@dataclass(frozen=True, slots=True)
class RequestReader:
    """Reads authorization requests. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    get_client: GetClient
    pushed: PushedStore
    clock: Callable[[], float]

    def __call__(self, request: Request) -> AuthorizationRequest:
        """Return the request in a query.

        Raises ``InvalidRequest`` or ``InvalidRequestUri`` if the client or its redirect URI is not valid (RFC 6749
        4.1.2.1: the browser must not be redirected then), and ``ReturnedError`` for every later error.
        """
        parameters, repeated = _read_parameters(request.query)
        for name in DECISIVE:
            if name in repeated:
                raise InvalidRequest("is included more than once", pointer=f"/{name}")
        if "request_uri" in parameters:
            return self._read_pushed_request(parameters, network(request.source_ip))
        client = self._find_client(parameters, network(request.source_ip))
        redirect_uri = find_redirect_uri(parameters, client, self.settings)
        state = parameters.get("state", "")
        returnable = "state" not in repeated and STATE.fullmatch(state) is not None
        address = ReturnAddress(redirect_uri, state if returnable else None, self.settings.issuer)
        try:
            if repeated:
                # RFC 6749 3.1: "Request and response parameters MUST NOT be included more than once."
                raise InvalidRequest("is included more than once", pointer=f"/{min(repeated)[:64]}")
            _check_shape(parameters)
            return validate_request(parameters, client, redirect_uri, self.settings)
        except OAuthError as error:
            raise ReturnedError(address, error) from error

    def _find_client(self, parameters: Mapping[str, str], source: str) -> Client:
        """Return the client of a request; raises ``InvalidRequest``."""
        if "client_id" not in parameters:
            raise InvalidRequest("is required", pointer="/client_id")
        client = self.get_client(parameters["client_id"], source)
        if client is None:
            raise InvalidRequest(
                "is not a registered client; it may have expired or been disabled", pointer="/client_id"
            )
        return client

    def _read_pushed_request(self, parameters: Mapping[str, str], source: str) -> AuthorizationRequest:
        """Return a pushed request. RFC 9126 4: the rest of the query is ignored. Raises ``InvalidRequestUri``."""
        client_id, reference = parameters.get("client_id"), parameters["request_uri"]
        if client_id is None:
            raise InvalidRequest("is required", pointer="/client_id")
        if not reference.startswith(REFERENCE):
            _refuse_reference()
        reference_hash = digest(reference)
        pushed = self.pushed.get(reference_hash, int(self.clock()))
        if pushed is None:
            _refuse_reference()
        request = AuthorizationRequest.from_dict(pushed)
        if request.client_id != client_id:
            _refuse_reference()
        # Since then the client may have been deleted, or changed its redirect URIs or its name.
        client = self._find_client(parameters, source)
        find_redirect_uri({"redirect_uri": request.redirect_uri}, client, self.settings)
        return replace(request, client_name=client_name(client), pushed=reference_hash)


def find_redirect_uri(parameters: Mapping[str, str], client: Client, settings: LoginSettings) -> str:
    """Return the redirect URI of a request if it is registered for the client, or raise ``InvalidRequest``.

    RFC 6749 3.1.2.3: it may be omitted if the client registered exactly one. A client may have registered before the
    rules became stricter, so a redirect URI that could not be registered today is refused.
    """
    registered = client.metadata.get("redirect_uris", [])
    asked = parameters.get("redirect_uri", registered[0] if len(registered) == 1 else None)
    if asked is None:
        raise InvalidRequest("is required", pointer="/redirect_uri")
    if not any(redirect_uri_matches(uri, asked) for uri in registered):
        raise InvalidRequest("is not registered for this client", pointer="/redirect_uri")
    try:
        check_redirect_uri(asked, "/redirect_uri", settings.private_use_schemes)
    except InvalidRedirectUri as error:
        raise InvalidRequest(error.reason, pointer="/redirect_uri") from error
    return str(asked)


def _read_parameters(query: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], set[str]]:
    """Return the parameters of a query, and the names of those that are included more than once but must not be.

    RFC 6749 3.1: a parameter without a value is treated as omitted.
    """
    parameters: dict[str, str] = {}
    repeated = set()
    for name, sent in query.items():
        values = list(dict.fromkeys(sent)) if name == REPEATABLE else list(sent)
        if name != REPEATABLE and len(values) > 1:
            repeated.add(name)
        joined = " ".join(filter(None, values))
        if joined:
            parameters[name] = joined
    return parameters, repeated


def _check_shape(parameters: Mapping[str, str]) -> None:
    try:
        schema("oauth/authorization").check(parameters)
    except SchemaViolation as violation:
        raise InvalidRequest.from_violation(violation) from violation


def _refuse_reference() -> NoReturn:
    """Raise the same error in every case, so that it does not reveal which request URIs exist."""
    raise InvalidRequestUri("is not valid: unknown, expired, used, or issued to another client", pointer="/request_uri")
