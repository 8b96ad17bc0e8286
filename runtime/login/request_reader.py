"""How an authorization request arrives: in the query of a URL, or by a reference to one that was pushed (RFC 9126)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from runtime.http.event import Request
from runtime.login.errors import InvalidRequestUri, ReturnAddress, ReturnedError
from runtime.login.request import AuthorizationRequest, checked, client_name
from runtime.oauth.clients.redirect_uri import check_redirect_uri, redirect_uri_matches
from runtime.oauth.credentials import digest
from runtime.oauth.errors import InvalidRedirectUri, InvalidRequest, OAuthError
from runtime.oauth.rate_limit import network
from runtime.records.login import PushedStore
from runtime.records.oauth import Client
from runtime.settings import LoginSettings
from runtime.validation.schemas import SchemaViolation, schema

REFERENCE = "urn:ietf:params:oauth:request_uri:"
# What decides where an answer may go: while one of these is wrong, there is no place to send an error to.
DECISIVE = ("client_id", "redirect_uri", "request_uri")
# RFC 8707 2: resource may be given more than once.
REPEATABLE = "resource"
# RFC 6749 A.5.
STATE = re.compile(r"[\x20-\x7e]{1,4096}")

# A client by its id, and the network that asks for it: a client whose id is a URL may have to be fetched.
GetClient = Callable[[str, str], Client | None]


@dataclass(frozen=True, slots=True)
class RequestReader:
    """Reads authorization requests. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    get_client: GetClient
    pushed: PushedStore
    clock: Callable[[], float]

    def __call__(self, request: Request) -> AuthorizationRequest:
        """The request in a query.

        Raises ``InvalidRequest`` or ``InvalidRequestUri`` while the client and its redirect URI are not certain (RFC
        6749 4.1.2.1: the browser must not be redirected then), and ``ReturnedError`` from there on.
        """
        parameters, repeated = _parameters(request.query)
        for name in DECISIVE:
            if name in repeated:
                raise InvalidRequest("is included more than once", pointer=f"/{name}")
        if "request_uri" in parameters:
            return self._by_reference(parameters, network(request.source_ip))
        client = self._client(parameters, network(request.source_ip))
        redirect_uri = registered_redirect_uri(parameters, client, self.settings)
        state = parameters.get("state", "")
        returnable = "state" not in repeated and STATE.fullmatch(state) is not None
        address = ReturnAddress(redirect_uri, state if returnable else None, self.settings.issuer)
        try:
            if repeated:
                # RFC 6749 3.1: "Request and response parameters MUST NOT be included more than once."
                raise InvalidRequest("is included more than once", pointer=f"/{min(repeated)[:64]}")
            _check_shape(parameters)
            return checked(parameters, client, redirect_uri, self.settings)
        except OAuthError as error:
            raise ReturnedError(address, error) from error

    def _client(self, parameters: Mapping[str, str], source: str) -> Client:
        """The client that a request names; raises ``InvalidRequest``."""
        if "client_id" not in parameters:
            raise InvalidRequest("is required", pointer="/client_id")
        client = self.get_client(parameters["client_id"], source)
        if client is None:
            raise InvalidRequest("names no client that is registered here, or none any more", pointer="/client_id")
        return client

    def _by_reference(self, parameters: Mapping[str, str], source: str) -> AuthorizationRequest:
        """RFC 9126 4: what was pushed counts, and nothing else of the query; raises ``InvalidRequestUri``."""
        client_id, reference = parameters.get("client_id"), parameters["request_uri"]
        if client_id is None:
            raise InvalidRequest("is required", pointer="/client_id")
        if not reference.startswith(REFERENCE):
            _refuse_reference()
        reference_hash = digest(reference)
        found = self.pushed.get(reference_hash, int(self.clock()))
        if found is None:
            _refuse_reference()
        request = AuthorizationRequest.read(found)
        if request.client_id != client_id:
            _refuse_reference()
        # The client may be gone by now, or its redirect URI or its name be another.
        client = self._client(parameters, source)
        registered_redirect_uri({"redirect_uri": request.redirect_uri}, client, self.settings)
        return replace(request, client_name=client_name(client), pushed=reference_hash)


def registered_redirect_uri(parameters: Mapping[str, str], client: Client, settings: LoginSettings) -> str:
    """The redirect URI of a request, once it is found to be the client's; raises ``InvalidRequest``.

    RFC 6749 3.1.2.3: it may be left out where the client has registered exactly one. A client may have been registered
    when more was taken than now: what could not be registered today is not used.
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


def _parameters(query: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], set[str]]:
    """The parameters of a query, and the names of those that are included more than once though they must not be.

    RFC 6749 3.1: parameters without a value count as left out.
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
    """One refusal for all: it tells nothing of which references there are."""
    raise InvalidRequestUri("is not valid: unknown, expired, used, or another client's", pointer="/request_uri")
