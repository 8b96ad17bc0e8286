"""The answer to the consent page, ``POST /consent``."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response
from runtime.login.authorize import CONSENT_FORM
from runtime.login.browser import Browser, check_same_site, find_browser
from runtime.login.errors import AccessDenied, Lapsed
from runtime.login.forms import Forms
from runtime.login.login_starter import Approval, LoginStarter
from runtime.login.pages.page import Pages
from runtime.login.request import AuthorizationRequest
from runtime.oauth.rate_limit import RateLimit, network

APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class ConsentEndpoint:
    """Sends the browser to the identity provider, or back to the client if the user denied access."""

    issuer: str
    pages: Pages
    forms: Forms
    login_starter: LoginStarter
    limit: RateLimit

    def admit(self, http: Request) -> Browser:
        """Return the browser that sent the form. Raises ``CrossSite`` for a form of another site, or ``Lapsed``."""
        check_same_site(http, self.pages.public_url)
        who = find_browser(http)
        if who is None:
            raise Lapsed("This page has expired, or your browser does not accept cookies.")
        return who

    def __call__(self, http: Request, form: Mapping[str, str]) -> Response:
        """Return a page that forwards the browser.

        Raises ``Lapsed`` for a form that was made for another browser, was changed or has expired,
        ``TooManyRequests``, and ``ProviderUnavailable``.
        """
        who: Browser = http.admitted
        signed = self.forms.verify(CONSENT_FORM, who.hash, form["request"])
        request = AuthorizationRequest.from_dict(signed["request"])
        if form["decision"] != APPROVE:
            return self._deny(request)
        self.limit.count(network(http.source_ip))
        approval = Approval(signed["subject"])
        url = self.login_starter.start_login(who, request, transaction=signed["transaction"], approval=approval)
        page = self.pages.forward_page(url, "Redirecting you to sign in")
        return _with_event(page, request, AuditEvent("consent_given", {"scope": request.scope}))

    def _deny(self, request: AuthorizationRequest) -> Response:
        url = request.return_address(self.issuer).error_url(AccessDenied("the user denied the request"))
        page = self.pages.forward_page(url, "You denied access")
        return _with_event(page, request, AuditEvent("consent_denied"))


def _with_event(page: Response, request: AuthorizationRequest, event: AuditEvent) -> Response:
    complete = event.with_facts({"client_name": request.client_name or None, "redirect_uri": request.redirect_uri})
    return page._replace(client_id=request.client_id, audit=(complete,))
