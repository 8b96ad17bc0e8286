"""The authorization endpoint, ``GET /authorize`` (RFC 6749 3.1)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NoReturn

from runtime.http.errors import Problem
from runtime.http.event import Request, Response
from runtime.http.network import network
from runtime.login.browser import Browser, find_session, get_or_create_browser
from runtime.login.errors import ConsentRequired, LoginFailed, LoginRequired, ReturnedError
from runtime.login.forms import Forms
from runtime.login.login_starter import LoginStarter
from runtime.login.pages.consent import Wording, consent_page
from runtime.login.pages.page import Pages, redirect
from runtime.login.provider.identity import ProviderUnavailable
from runtime.login.request import AuthorizationRequest
from runtime.login.users import has_approved
from runtime.oauth.credentials import new_credential
from runtime.oauth.errors import TooManyRequests
from runtime.oauth.rate_limit import RateLimit
from runtime.records.login import Session, SessionStore, UserStore

CONSENT_FORM = "consent"


@dataclass(frozen=True, slots=True)
class ConsentAsker:
    """Makes the consent page. Nothing is stored for it: its form carries the request, signed for this browser."""

    pages: Pages
    forms: Forms
    wording: Wording

    def __call__(self, authorization: AuthorizationRequest, who: Browser, session: Session | None) -> Response:
        """Return the consent page, with the cookie that its form is bound to."""
        # Only one form may consume a pushed request. The transaction tells the forms of one request apart.
        subject = session.subject if session else None
        value = {"request": asdict(authorization), "transaction": new_credential(), "subject": subject}
        signed = self.forms.sign(CONSENT_FORM, who.hash, value)
        return consent_page(self.pages, authorization, signed, self.wording, session)._replace(cookies=who.cookies)


@dataclass(frozen=True, slots=True)
class AuthorizationEndpoint:
    """Asks a user for consent, or goes straight to the provider where the user has already approved everything."""

    issuer: str
    sessions: SessionStore
    users: UserStore
    login_starter: LoginStarter
    ask_for_consent: ConsentAsker
    limit: RateLimit
    clock: Callable[[], float]

    def __call__(self, request: Request, authorization: AuthorizationRequest) -> Response:
        """Return the consent page, or a redirect to the provider.

        The page writes nothing to the table: some clients fetch the URL once before the browser does. Raises
        ``ReturnedError`` if ``prompt=none`` asks for something that needs a page (OpenID Connect Core 1.0, 3.1.2.1),
        and ``LoginFailed``, with a link back to the client, if the provider is unavailable or the rate limit is
        reached.
        """
        who, session = get_or_create_browser(request), find_session(request, self.sessions, self.clock)
        approved = session is not None and self._may_skip_consent(authorization, session.session)
        if "none" in authorization.prompts and session is None:
            self._refuse(authorization, LoginRequired("the user is not logged in"))
        if "none" in authorization.prompts and not approved:
            self._refuse(authorization, ConsentRequired("the user has not approved this request"))
        if approved:
            return self._start_login(request, who, authorization)
        page = self.ask_for_consent(authorization, who, session.session if session else None)
        return page._replace(client_id=authorization.client_id)

    def _start_login(self, request: Request, who: Browser, authorization: AuthorizationRequest) -> Response:
        try:
            self.limit.count(network(request.source_ip))
            url = self.login_starter.start_login(who, authorization, transaction=new_credential())
        except (ProviderUnavailable, TooManyRequests) as problem:
            if "none" in authorization.prompts:
                self._refuse(authorization, problem)
            raise LoginFailed(problem, authorization.return_address(self.issuer)) from problem
        return redirect(url, who.cookies)

    def _may_skip_consent(self, authorization: AuthorizationRequest, session: Session) -> bool:
        """RFC 8252 8.6: an earlier consent counts only if no other client can pose as this one."""
        if "consent" in authorization.prompts or not authorization.provable:
            return False
        return has_approved(self.users.get(session.subject), authorization, int(self.clock()))

    def _refuse(self, authorization: AuthorizationRequest, error: Problem) -> NoReturn:
        raise ReturnedError(authorization.return_address(self.issuer), error) from error
