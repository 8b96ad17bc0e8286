"""The answer to the consent page, ``POST /consent``."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response
from runtime.http.network import network
from runtime.login.authorize import CONSENT_FORM
from runtime.login.browser import Browser, check_same_site, find_browser
from runtime.login.errors import AccessDenied, Lapsed
from runtime.login.forms import Forms
from runtime.login.login_starter import Approval, LoginStarter
from runtime.login.pages.page import Pages
from runtime.login.request import AuthorizationRequest
from runtime.oauth.rate_limit import RateLimit

APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class ConsentEndpoint:
    """Sends the browser to the identity provider, or back to the client if the user denied access."""

    issuer: str
    pages: Pages
    forms: Forms
    login_starter: LoginStarter
    limit: RateLimit

    def admit(self, request: Request) -> Browser:
        """Return the browser that sent the form. Raises ``CrossSite`` for a form of another site, or ``Lapsed``."""
        check_same_site(request, self.pages.public_url)
        who = find_browser(request)
        if who is None:
            raise Lapsed("This page has expired, or your browser does not accept cookies.")
        return who

    def __call__(self, request: Request, form: Mapping[str, str]) -> Response:
        """Return a page that forwards the browser.

        Raises ``Lapsed`` for a form that was made for another browser, was changed or has expired,
        ``TooManyRequests``, and ``ProviderUnavailable``.
        """
        who: Browser = request.admitted
        signed = self.forms.verify(CONSENT_FORM, who.hash, form["request"])
        authorization = AuthorizationRequest.from_dict(signed["request"])
        if form["decision"] != APPROVE:
            return self._deny(authorization)
        self.limit.count(network(request.source_ip))
        approval = Approval(signed["subject"])
        url = self.login_starter.start_login(who, authorization, transaction=signed["transaction"], approval=approval)
        page = self.pages.forward_page(url, "Redirecting you to sign in")
        return _with_event(page, authorization, AuditEvent("consent_given", {"scope": authorization.scope}))

    def _deny(self, authorization: AuthorizationRequest) -> Response:
        url = authorization.return_address(self.issuer).error_url(AccessDenied("the user denied the request"))
        page = self.pages.forward_page(url, "You denied access")
        return _with_event(page, authorization, AuditEvent("consent_denied"))


def _with_event(page: Response, authorization: AuthorizationRequest, event: AuditEvent) -> Response:
    complete = event.with_facts(
        {"client_name": authorization.client_name or None, "redirect_uri": authorization.redirect_uri}
    )
    return page._replace(client_id=authorization.client_id, audit=(complete,))
