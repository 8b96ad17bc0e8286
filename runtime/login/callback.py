"""Where the identity provider sends the browser back to, ``GET /callback`` (OpenID Connect Core 1.0, 3.1.2.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from runtime.audit import AuditEvent
from runtime.http.errors import Problem
from runtime.http.event import Request, Response
from runtime.login.authorize import ConsentAsker
from runtime.login.browser import CREDENTIAL, SESSION, Browser, cookie, known_browser, open_session
from runtime.login.errors import (
    ConsentRequired,
    Lapsed,
    LoginFailed,
    LoginRequired,
    ReturnedError,
    TooManyApplications,
)
from runtime.login.grant_access import GrantGiver
from runtime.login.pages.page import redirect
from runtime.login.provider.identity import IdentityProvider, ProviderRefused, User
from runtime.login.request import AuthorizationRequest
from runtime.login.stores import LoginStores
from runtime.login.users import has_approved
from runtime.oauth.credentials import digest, new_credential
from runtime.records.errors import NotThere
from runtime.records.login import Login, Session
from runtime.settings import LoginSettings

SESSION_SECONDS = 8 * 3600
NOT_OF_THIS_BROWSER = "This sign-in was not started in this browser, has ended already, or took too long."
# OpenID Connect Core 1.0, 3.1.2.6: what a provider says to prompt=none.
NEEDS_THE_USER = frozenset({"login_required", "interaction_required", "consent_required", "account_selection_required"})


@dataclass(frozen=True, slots=True)
class CallbackEndpoint:
    """Ends a login: with a code for the client, or at the account page."""

    settings: LoginSettings
    stores: LoginStores
    provider: IdentityProvider
    grants: GrantGiver
    ask: ConsentAsker
    clock: Callable[[], float]

    def __call__(self, http: Request, answer: Mapping[str, str]) -> Response:
        """A redirect to the client with a code (RFC 6749 4.1.2), or to the account page.

        Of any number of requests with one state, one gets anything. Raises ``Lapsed`` for a state that is not of this
        browser, and ``LoginFailed`` with what is wrong with the user or the provider's answer.
        """
        who, login = self._take_login(http, answer)
        request = AuthorizationRequest.read(login.request) if login.request else None
        try:
            user = self._identify(answer, login)
        except Problem as problem:
            self._fail(problem, request, answer.get("error"))
        if request is None:
            return self._end(http, user, f"{self.settings.public_url}/account", {})
        if not self._is_approved(request, login, user):
            # Somebody else has logged in than was in session, or has changed their mind meanwhile.
            return self._ask_first(request, who, user)
        return self._give(http, request, user)

    def _give(self, http: Request, request: AuthorizationRequest, user: User) -> Response:
        """Send the browser to the client, with the code of a new grant."""
        try:
            given = self.grants.give_grant(request, user.subject)
        except TooManyApplications as problem:
            self._fail(problem, request, None)
        target = request.return_address(self.settings.issuer).url(code=str(given.code))
        facts = {"scope": request.scope, "redirect_uri": request.redirect_uri, "grant_id": given.code.grant_id}
        done = self._end(http, user, target, facts)
        return done._replace(client_id=request.client_id, audit=(*given.events, *done.audit))

    def _end(self, http: Request, user: User, target: str, facts: Mapping[str, str]) -> Response:
        """Start the session, and go on."""
        now = int(self.clock())
        session_cookie = self._start_session(http, user, now)
        who = {"subject": user.subject, "identity_provider": self.settings.identity_provider}
        return redirect(target, (session_cookie,))._replace(audit=(AuditEvent("login", facts).also(who),))

    def _is_approved(self, request: AuthorizationRequest, login: Login, user: User) -> bool:
        """Whether this user has: just now, on a page that did not name somebody else, or before."""
        if login.approved:
            return login.subject in {None, user.subject}
        return has_approved(self.stores.users.get(user.subject), request, int(self.clock()))

    def _take_login(self, http: Request, answer: Mapping[str, str]) -> tuple[Browser, Login]:
        """The login of this browser that the state belongs to, which is over thereby; raises ``Lapsed``."""
        who = known_browser(http)
        # What this server cannot have set or sent costs no write.
        if who is None or not CREDENTIAL.fullmatch(answer["state"]):
            raise Lapsed(NOT_OF_THIS_BROWSER)
        try:
            return who, self.stores.logins.take(digest(answer["state"]), who.hash, int(self.clock()))
        except NotThere as error:
            raise Lapsed(NOT_OF_THIS_BROWSER) from error

    def _identify(self, answer: Mapping[str, str], login: Login) -> User:
        if "error" in answer:
            raise ProviderRefused("The identity provider did not sign you in.")
        if "code" not in answer:
            raise ProviderRefused("The identity provider sent back an incomplete answer.")
        return self.provider.identify(answer["code"], login.code_verifier, login.nonce, answer.get("iss"))

    def _fail(self, problem: Problem, request: AuthorizationRequest | None, said: str | None) -> NoReturn:
        address = request.return_address(self.settings.issuer) if request else None
        # OpenID Connect Core 1.0, 3.1.2.1: prompt=none shows no page.
        if address and request and "none" in request.prompts:
            error = LoginRequired("nobody is logged in at the provider") if said in NEEDS_THE_USER else problem
            raise ReturnedError(address, error) from problem
        failed = LoginFailed(problem, address)
        failed.audit = AuditEvent("login_refused")
        raise failed from problem

    def _ask_first(self, request: AuthorizationRequest, who: Browser, user: User) -> Response:
        if "none" in request.prompts:
            raise ReturnedError(
                request.return_address(self.settings.issuer), ConsentRequired("the user has to approve")
            )
        # What was pushed is used up by the way here; the form that comes back does not need it again.
        asked = request.without_reference()
        return self.ask(asked, who, _session(user, int(self.clock())))._replace(client_id=request.client_id)

    def _start_session(self, http: Request, user: User, now: int) -> str:
        """The cookie of a new session, whatever the browser had before: nobody knows its id who has known another."""
        before = open_session(http, self.stores.sessions, self.clock)
        if before:
            self.stores.sessions.delete(before.hash)
        value = new_credential()
        self.stores.sessions.add(digest(value), _session(user, now))
        return cookie(SESSION, value, SESSION_SECONDS)


def _session(user: User, now: int) -> Session:
    return Session(user.subject, user.name, user.email, now, now + SESSION_SECONDS)
