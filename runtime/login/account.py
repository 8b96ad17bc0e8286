"""The account page, ``/account``: a user sees which clients have access, and revokes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response
from runtime.http.network import network
from runtime.login.browser import (
    SESSION,
    OpenSession,
    check_same_site,
    cookie,
    find_browser,
    find_session,
    get_or_create_browser,
)
from runtime.login.errors import Lapsed
from runtime.login.forms import Forms
from runtime.login.login_starter import LoginStarter
from runtime.login.pages.account import account_page, sign_in_page
from runtime.login.pages.page import Pages, redirect
from runtime.login.stores import LoginStores
from runtime.login.users import Access, list_accesses
from runtime.oauth.rate_limit import RateLimit

FORM = "account"
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class AccountEndpoint:
    """Shows the account page and handles its forms. ``clock`` reads seconds since the epoch."""

    pages: Pages
    forms: Forms
    stores: LoginStores
    login_starter: LoginStarter
    limit: RateLimit
    clock: Callable[[], float]

    def show(self, request: Request, _nothing: None) -> Response:
        """Return the account page, or the page to sign in where the browser has no session."""
        opened = find_session(request, self.stores.sessions, self.clock)
        if opened is None:
            who = get_or_create_browser(request)
            page = sign_in_page(self.pages, self.forms.sign(FORM, who.hash, {}))
            return page._replace(cookies=who.cookies)
        return account_page(self.pages, opened.session, self._accesses(opened), self.forms.sign(FORM, opened.hash, {}))

    def admit(self, request: Request) -> None:
        """Raise ``CrossSite`` for a form that another site sent."""
        check_same_site(request, self.pages.public_url)

    def act(self, request: Request, form: Mapping[str, str]) -> Response:
        """Do what the form asks: sign in, sign out, or revoke the access of one client or of all.

        Raises ``Lapsed`` for a form that was made for another session or, to sign in, for another browser.
        """
        if form["action"] == "sign_in":
            return self._sign_in(request, form)
        opened = find_session(request, self.stores.sessions, self.clock)
        if opened is None:
            raise Lapsed("You are no longer signed in.")
        self.forms.verify(FORM, opened.hash, form["proof"])
        if form["action"] == "sign_out":
            return self._sign_out(opened)
        revoke_all = form["action"] == "revoke_all"
        chosen = [one for one in self._accesses(opened) if revoke_all or one.client_id == form["client_id"]]
        events = self._revoke_accesses(opened, chosen)
        return self._redirect_to_account()._replace(audit=events)

    def _sign_in(self, request: Request, form: Mapping[str, str]) -> Response:
        who = find_browser(request)
        if who is None:
            raise Lapsed("This page has expired, or your browser does not accept cookies.")
        self.forms.verify(FORM, who.hash, form["proof"])
        self.limit.count(network(request.source_ip))
        url = self.login_starter.start_login(who, None)
        return self.pages.forward_page(url, "Redirecting you to sign in")

    def _sign_out(self, opened: OpenSession) -> Response:
        self.stores.sessions.delete(opened.hash)
        event = AuditEvent("signed_out", {"subject": opened.session.subject})
        expired_cookie = cookie(SESSION, "", 0)
        return self._redirect_to_account((expired_cookie,))._replace(audit=(event,))

    def _accesses(self, opened: OpenSession) -> list[Access]:
        return list_accesses(self.stores.users.get(opened.session.subject), int(self.clock()))

    def _revoke_accesses(self, opened: OpenSession, chosen: list[Access]) -> tuple[AuditEvent, ...]:
        """Revoke all grants of the chosen clients, and return the events.

        The grants are revoked first: a client that has left the page must not have working tokens.
        """
        subject = opened.session.subject
        for one in chosen:
            for grant_id in one.grant_ids:
                self.stores.grants.revoke(grant_id)
            self.stores.users.remove(subject, one.consents, one.grant_ids)
        return tuple(AuditEvent("access_revoked", {"subject": subject, "client_id": one.client_id}) for one in chosen)

    def _redirect_to_account(self, cookies: tuple[str, ...] = ()) -> Response:
        return redirect(f"{self.pages.public_url}/account", cookies, SEE_OTHER)
