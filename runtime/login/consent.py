"""What a user decided on the consent page, ``POST /consent``."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response
from runtime.login.authorize import CONSENT_FORM
from runtime.login.browser import Browser, check_same_site, known_browser
from runtime.login.errors import AccessDenied, Lapsed
from runtime.login.forms import Forms
from runtime.login.pages.page import Pages
from runtime.login.redirect_to_provider import Approval, Departure
from runtime.login.request import AuthorizationRequest
from runtime.oauth.rate_limit import RateLimit, network

APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class ConsentEndpoint:
    """Goes on to the identity provider, or back to the client with the user's no."""

    issuer: str
    pages: Pages
    forms: Forms
    departure: Departure
    limit: RateLimit

    def admit(self, http: Request) -> Browser:
        """The browser that the form comes from. Raises ``CrossSite`` for a form of another site, or ``Lapsed``."""
        check_same_site(http, self.pages.public_url)
        who = known_browser(http)
        if who is None:
            raise Lapsed("This page is no longer valid, or your browser does not accept cookies.")
        return who

    def __call__(self, http: Request, form: Mapping[str, str]) -> Response:
        """A page that leads on.

        Raises ``Lapsed`` for a form that is not this browser's, was changed or is too old, ``TooManyRequests``, and
        ``ProviderUnavailable``.
        """
        who: Browser = http.admitted
        signed = self.forms.verify(CONSENT_FORM, who.hash, form["request"])
        request = AuthorizationRequest.read(signed["request"])
        if form["decision"] != APPROVE:
            refused = AccessDenied("the user did not approve")
            url = request.return_address(self.issuer).error_url(refused)
            return self._left(self.pages.leaving(url, "You did not approve"), request, AuditEvent("consent_denied"))
        self.limit.count(network(http.source_ip))
        approval = Approval(signed["subject"])
        url = self.departure.url(who, request, transaction=signed["transaction"], approval=approval)
        given = AuditEvent("consent_given", {"scope": request.scope})
        return self._left(self.pages.leaving(url, "You are being sent to sign in"), request, given)

    def _left(self, page: Response, request: AuthorizationRequest, event: AuditEvent) -> Response:
        named = event.also({"client_name": request.client_name or None, "redirect_uri": request.redirect_uri})
        return page._replace(client_id=request.client_id, audit=(named,))
