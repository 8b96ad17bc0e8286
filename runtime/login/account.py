"""The page where a user sees which clients have access, and takes it back: ``/account``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response
from runtime.login.browser import SESSION, OpenSession, browser, check_same_site, cookie, known_browser, open_session
from runtime.login.errors import Lapsed
from runtime.login.forms import Forms
from runtime.login.pages.account import account_page, signed_out_page
from runtime.login.pages.page import Pages, redirect
from runtime.login.redirect_to_provider import Departure
from runtime.login.stores import LoginStores
from runtime.login.users import Access, accesses
from runtime.oauth.rate_limit import RateLimit, network

FORM = "account"
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class AccountEndpoint:
    """Shows a user's page, and does what its forms ask. ``clock`` reads seconds since the epoch."""

    pages: Pages
    forms: Forms
    stores: LoginStores
    departure: Departure
    limit: RateLimit
    clock: Callable[[], float]

    def show(self, http: Request, _nothing: None) -> Response:
        """The page; to somebody without a session one that leads to it."""
        opened = open_session(http, self.stores.sessions, self.clock)
        if opened is None:
            who = browser(http)
            return signed_out_page(self.pages, self.forms.sign(FORM, who.hash, {}))._replace(cookies=who.cookies)
        return account_page(self.pages, opened.session, self._accesses(opened), self.forms.sign(FORM, opened.hash, {}))

    def admit(self, http: Request) -> None:
        """Let in what a page of this server sends. Raises ``CrossSite`` for a form of another site."""
        check_same_site(http, self.pages.public_url)

    def act(self, http: Request, form: Mapping[str, str]) -> Response:
        """Do one thing, and show what has become of it.

        Raises ``Lapsed`` for a form that was not made for this session or, to sign in, for this browser.
        """
        if form["action"] == "sign_in":
            return self._sign_in(http, form)
        opened = open_session(http, self.stores.sessions, self.clock)
        if opened is None:
            raise Lapsed("You are no longer signed in.")
        self.forms.verify(FORM, opened.hash, form["proof"])
        if form["action"] == "sign_out":
            self.stores.sessions.delete(opened.hash)
            ended = AuditEvent("signed_out", {"subject": opened.session.subject})
            return self._shown((cookie(SESSION, "", 0),))._replace(audit=(ended,))
        every = form["action"] == "revoke_all"
        chosen = [one for one in self._accesses(opened) if every or one.client_id == form["client_id"]]
        done = self._revoke_accesses(opened, chosen)
        return self._shown()._replace(audit=done)

    def _sign_in(self, http: Request, form: Mapping[str, str]) -> Response:
        who = known_browser(http)
        if who is None:
            raise Lapsed("This page is no longer valid, or your browser does not accept cookies.")
        self.forms.verify(FORM, who.hash, form["proof"])
        self.limit.count(network(http.source_ip))
        return self.pages.leaving(self.departure.url(who, None), "You are being sent to sign in")

    def _accesses(self, opened: OpenSession) -> list[Access]:
        return accesses(self.stores.users.get(opened.session.subject), int(self.clock()))

    def _revoke_accesses(self, opened: OpenSession, chosen: list[Access]) -> tuple[AuditEvent, ...]:
        """End the grants first: what is no longer on the page must no longer be good for anything."""
        subject = opened.session.subject
        for one in chosen:
            for grant_id in one.grant_ids:
                self.stores.grants.revoke(grant_id)
            self.stores.users.forget(subject, one.consents, one.grant_ids)
        return tuple(AuditEvent("access_revoked", {"subject": subject, "client_id": one.client_id}) for one in chosen)

    def _shown(self, cookies: tuple[str, ...] = ()) -> Response:
        return redirect(f"{self.pages.public_url}/account", cookies, SEE_OTHER)
