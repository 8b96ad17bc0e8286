"""Which endpoint of the login answers which route."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from runtime.http.endpoint import Endpoint, Endpoints, nothing
from runtime.http.errors import NotFound
from runtime.http.event import Request, Response
from runtime.login.account import AccountEndpoint
from runtime.login.authorize import AuthorizationEndpoint, ConsentAsker
from runtime.login.browser import check_cookies
from runtime.login.callback import CallbackEndpoint
from runtime.login.consent import ConsentEndpoint
from runtime.login.forms import Forms
from runtime.login.grant_access import GrantGiver
from runtime.login.pages.consent import Wording
from runtime.login.pages.page import Pages, style
from runtime.login.par import PushedAuthorizationEndpoint
from runtime.login.provider.identity import IdentityProvider
from runtime.login.redirect_to_provider import Departure
from runtime.login.request_reader import RequestReader
from runtime.login.stores import LoginStores
from runtime.oauth.audit_trail import audit_endpoints
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.errors import InvalidRequest, UnsupportedResponseType
from runtime.oauth.parameters import read_parameters
from runtime.oauth.rate_limit import MINUTE, RateLimit
from runtime.settings import LoginSettings
from runtime.tokens.key_ring import KeyRing
from runtime.validation.schemas import SchemaViolation, schema

Read = Callable[[Request], Any]
# RFC 8707 2: resource may be given more than once.
RESOURCES = frozenset({"resource"})


def endpoints(
    settings: LoginSettings,
    stores: LoginStores,
    keys: KeyRing,
    authenticate: ClientAuthenticator,
    provider: IdentityProvider,
    clock: Callable[[], float],
) -> Endpoints:
    """The endpoints by method and path, where users log in. ``clock`` reads seconds since the epoch."""
    pages, forms = Pages(settings.public_url), Forms(keys, clock, settings.identity_provider)
    wording = Wording(settings.server_name, settings.scopes, settings.identity_provider or "")
    limit = RateLimit("authorization", settings.authorizations_per_minute, MINUTE, stores.counters, clock)
    departure = Departure(provider, stores.logins, stores.pushed, clock)
    ask = ConsentAsker(pages, forms, wording)
    read = RequestReader(settings, stores.get_client, stores.pushed, clock)
    authorize = AuthorizationEndpoint(settings.issuer, stores.sessions, stores.users, departure, ask, limit, clock)
    par = PushedAuthorizationEndpoint(settings, authenticate, stores.pushed, limit, clock)
    consent = ConsentEndpoint(settings.issuer, pages, forms, departure, limit)
    grants = GrantGiver(settings, stores.users, stores.grants, clock)
    callback = CallbackEndpoint(settings, stores, provider, grants, ask, clock)
    account = AccountEndpoint(pages, forms, stores, departure, limit, clock)
    page = functools.partial(_page, pages)
    served = {
        ("GET", "/authorize"): page(authorize, read),
        ("POST", "/par"): Endpoint(par, _form("oauth/pushed-authorization", RESOURCES), admit=authenticate.admit),
        ("POST", "/consent"): page(consent, _form("oauth/consent"), admit=consent.admit),
        ("GET", "/callback"): page(callback, _read_answer),
        ("GET", "/account"): page(account.show),
        ("POST", "/account"): page(account.act, _form("oauth/account"), admit=account.admit),
        ("GET", "/style.css"): Endpoint(style, refusal=pages.refusal),
    }
    return audit_endpoints(served, stores.audit)


def _page(
    pages: Pages, handle: Callable[[Request, Any], Response], read: Read = nothing, admit: Read = nothing
) -> Endpoint:
    """An endpoint that users see, and whose requests are not read before their cookies are."""

    def admit_checked(http: Request) -> Any:
        check_cookies(http)
        return admit(http)

    return Endpoint(handle, read, refusal=pages.refusal, admit=admit_checked)


def _form(schema_name: str, repeatable: frozenset[str] = frozenset()) -> Callable[[Request], dict[str, str]]:
    return functools.partial(read_parameters, schema_name=schema_name, repeatable=repeatable)


def _read_answer(http: Request) -> Mapping[str, str]:
    """The parameters that the provider sends the browser back with; raises ``InvalidRequest``."""
    if any(len(values) > 1 for values in http.query.values()):
        # RFC 6749 3.1: so too in a response.
        raise InvalidRequest("a parameter is included more than once")
    answer = {name: values[0] for name, values in http.query.items() if values and values[0]}
    try:
        schema("oauth/callback").check(answer)
    except SchemaViolation as violation:
        raise InvalidRequest.from_violation(violation) from violation
    return answer


def without_logins() -> Endpoints:
    """The endpoints where there is no identity provider: RFC 6749 4.1.2.1, shown here since nothing is redirected."""
    absent = {
        ("POST", "/consent"),
        ("GET", "/callback"),
        ("GET", "/account"),
        ("POST", "/account"),
        ("GET", "/style.css"),
    }
    refusing: dict[tuple[str, str], Endpoint] = dict.fromkeys(absent, Endpoint(_nothing_here))
    return refusing | dict.fromkeys((("GET", "/authorize"), ("POST", "/par")), Endpoint(_no_login))


def _no_login(_http: Request, _nothing: Any) -> Response:
    raise UnsupportedResponseType("this server has no interactive login; use the client_credentials grant")


def _nothing_here(_http: Request, _nothing: Any) -> Response:
    raise NotFound("there is nothing at this path")
