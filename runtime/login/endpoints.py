"""The endpoints of the login function, by route."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from runtime.http.endpoint import Endpoint, Endpoints, read_nothing
from runtime.http.errors import NotFound
from runtime.http.event import Request, Response
from runtime.login.account import AccountEndpoint
from runtime.login.authorize import AuthorizationEndpoint, ConsentAsker
from runtime.login.browser import check_cookies
from runtime.login.callback import CallbackEndpoint
from runtime.login.consent import ConsentEndpoint
from runtime.login.forms import Forms
from runtime.login.grant_issuer import GrantIssuer
from runtime.login.login_starter import LoginStarter
from runtime.login.pages.consent import Wording
from runtime.login.pages.page import Pages, style_sheet
from runtime.login.par import PushedAuthorizationEndpoint
from runtime.login.provider.identity import IdentityProvider
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
# RFC 8707 2: resource may be included more than once.
RESOURCES = frozenset({"resource"})


def endpoints(
    settings: LoginSettings,
    stores: LoginStores,
    keys: KeyRing,
    authenticate: ClientAuthenticator,
    provider: IdentityProvider,
    clock: Callable[[], float],
) -> Endpoints:
    """Return the endpoints by method and path. ``clock`` reads seconds since the epoch."""
    pages, forms = Pages(settings.public_url, settings.about), Forms(keys, clock, settings.identity_provider)
    wording = Wording(settings.about.title or settings.server_name, settings.scopes, settings.identity_provider or "")
    limit = RateLimit("authorization", settings.authorizations_per_minute, MINUTE, stores.counters, clock)
    starter = LoginStarter(provider, stores.logins, stores.pushed, clock)
    ask = ConsentAsker(pages, forms, wording)
    read = RequestReader(settings, stores.get_client, stores.pushed, clock)
    authorize = AuthorizationEndpoint(settings.issuer, stores.sessions, stores.users, starter, ask, limit, clock)
    par = PushedAuthorizationEndpoint(settings, authenticate, stores.pushed, limit, clock)
    consent = ConsentEndpoint(settings.issuer, pages, forms, starter, limit)
    grants = GrantIssuer(settings, stores.users, stores.grants, clock)
    callback = CallbackEndpoint(settings, stores, provider, grants, ask, clock)
    account = AccountEndpoint(pages, forms, stores, starter, limit, clock)
    page = functools.partial(_page, pages)
    served = {
        ("GET", "/authorize"): page(authorize, read),
        ("POST", "/par"): Endpoint(par, _form("oauth/pushed-authorization", RESOURCES), admit=authenticate.admit),
        ("POST", "/consent"): page(consent, _form("oauth/consent"), admit=consent.admit),
        ("GET", "/callback"): page(callback, _read_answer),
        ("GET", "/account"): page(account.show),
        ("POST", "/account"): page(account.act, _form("oauth/account"), admit=account.admit),
        ("GET", "/style.css"): Endpoint(style_sheet, refusal=pages.refusal),
    }
    return audit_endpoints(served, stores.audit)


def _page(
    pages: Pages, handle: Callable[[Request, Any], Response], read: Read = read_nothing, admit: Read = read_nothing
) -> Endpoint:
    """Return an endpoint that answers with pages, and checks the cookies of a request first."""

    def check_cookies_and_admit(request: Request) -> Any:
        check_cookies(request)
        return admit(request)

    return Endpoint(handle, read, refusal=pages.refusal, admit=check_cookies_and_admit)


def _form(schema_name: str, repeatable: frozenset[str] = frozenset()) -> Callable[[Request], dict[str, str]]:
    return functools.partial(read_parameters, schema_name=schema_name, repeatable=repeatable)


def _read_answer(request: Request) -> Mapping[str, str]:
    """Return the parameters of the provider's response; raises ``InvalidRequest``."""
    if any(len(values) > 1 for values in request.query.values()):
        # RFC 6749 3.1 holds for responses too.
        raise InvalidRequest("a parameter is included more than once")
    answer = {name: values[0] for name, values in request.query.items() if values and values[0]}
    try:
        schema("oauth/callback").check(answer)
    except SchemaViolation as violation:
        raise InvalidRequest.from_violation(violation) from violation
    return answer


def without_logins() -> Endpoints:
    """Return the endpoints of a stack without an identity provider: RFC 6749 4.1.2.1, without a redirect."""
    absent = {
        ("POST", "/consent"),
        ("GET", "/callback"),
        ("GET", "/account"),
        ("POST", "/account"),
        ("GET", "/style.css"),
    }
    refusing: dict[tuple[str, str], Endpoint] = dict.fromkeys(absent, Endpoint(_refuse_path))
    return refusing | dict.fromkeys((("GET", "/authorize"), ("POST", "/par")), Endpoint(_refuse_login))


def _refuse_login(_request: Request, _nothing: Any) -> Response:
    raise UnsupportedResponseType("this server has no interactive login; use the client_credentials grant")


def _refuse_path(_request: Request, _nothing: Any) -> Response:
    raise NotFound("there is nothing at this path")
