"""The authorization endpoint, ``GET /authorize`` (RFC 6749 3.1)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NoReturn

from runtime.http.errors import Problem
from runtime.http.event import Request, Response
from runtime.login.browser import Browser, browser, open_session
from runtime.login.errors import ConsentRequired, LoginFailed, LoginRequired, ReturnedError
from runtime.login.forms import Forms
from runtime.login.pages.consent import Wording, consent_page
from runtime.login.pages.page import Pages, redirect
from runtime.login.provider.identity import ProviderUnavailable
from runtime.login.redirect_to_provider import Departure
from runtime.login.request import AuthorizationRequest
from runtime.login.users import has_approved
from runtime.oauth.credentials import new_credential
from runtime.oauth.errors import TooManyRequests
from runtime.oauth.rate_limit import RateLimit, network
from runtime.records.login import Session, SessionStore, UserStore

CONSENT_FORM = "consent"


@dataclass(frozen=True, slots=True)
class ConsentAsker:
    """Shows the consent page. Nothing is kept for it: the request travels in the form, signed for this browser."""

    pages: Pages
    forms: Forms
    wording: Wording

    def __call__(self, request: AuthorizationRequest, who: Browser, session: Session | None) -> Response:
        """The page, and the cookie that the form is good for."""
        # The transaction tells this form from others for the same pushed request, of which only one may use it.
        subject = session.subject if session else None
        value = {"request": asdict(request), "transaction": new_credential(), "subject": subject}
        signed = self.forms.sign(CONSENT_FORM, who.hash, value)
        return consent_page(self.pages, request, signed, self.wording, session)._replace(cookies=who.cookies)


@dataclass(frozen=True, slots=True)
class AuthorizationEndpoint:
    """Asks a user, or goes on at once to the provider for one who has approved all of it before."""

    issuer: str
    sessions: SessionStore
    users: UserStore
    departure: Departure
    ask: ConsentAsker
    limit: RateLimit
    clock: Callable[[], float]

    def __call__(self, http: Request, request: AuthorizationRequest) -> Response:
        """The consent page, or a redirect to the provider.

        The page costs no write: some clients fetch the URL once before the browser does. Raises ``ReturnedError`` where
        ``prompt=none`` asks for what is not possible without a page (OpenID Connect Core 1.0, 3.1.2.1), and
        ``LoginFailed`` with the way back where there are too many requests, or the provider is down.
        """
        who, session = browser(http), open_session(http, self.sessions, self.clock)
        approved = session is not None and self._may_skip(request, session.session)
        if "none" in request.prompts and session is None:
            self._refuse(request, LoginRequired("nobody is logged in"))
        if "none" in request.prompts and not approved:
            self._refuse(request, ConsentRequired("the user has to approve"))
        if approved:
            return self._leave(http, who, request)
        return self.ask(request, who, session.session if session else None)._replace(client_id=request.client_id)

    def _leave(self, http: Request, who: Browser, request: AuthorizationRequest) -> Response:
        try:
            self.limit.count(network(http.source_ip))
            url = self.departure.url(who, request, transaction=new_credential())
        except (ProviderUnavailable, TooManyRequests) as problem:
            if "none" in request.prompts:
                self._refuse(request, problem)
            raise LoginFailed(problem, request.return_address(self.issuer)) from problem
        return redirect(url, who.cookies)

    def _may_skip(self, request: AuthorizationRequest, session: Session) -> bool:
        """RFC 8252 8.6: what was approved before counts only where the client cannot be another one in its name."""
        if "consent" in request.prompts or not request.provable:
            return False
        return has_approved(self.users.get(session.subject), request, int(self.clock()))

    def _refuse(self, request: AuthorizationRequest, error: Problem) -> NoReturn:
        raise ReturnedError(request.return_address(self.issuer), error) from error
