"""Where the identity provider sends the browser back to, ``GET /callback`` (OpenID Connect Core 1.0, 3.1.2.5)."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from runtime.audit import AuditEvent
from runtime.errors import Problem
from runtime.event import Request, Response
from runtime.login.authorize import ConsentAsker
from runtime.login.browser import CREDENTIAL, SESSION, Browser, cookie, known_browser, open_session
from runtime.login.errors import ConsentRequired, Lapsed, LoginFailed, LoginRequired, ReturnedError
from runtime.login.identity import Person, Upstream, UpstreamRefused
from runtime.login.page import redirect
from runtime.login.people import has_approved, with_grant
from runtime.login.request import AuthorizationRequest
from runtime.login.stores import LoginStores
from runtime.oauth.credentials import digest, new_credential
from runtime.oauth.grant_credential import GrantCredential
from runtime.oauth.lifetimes import SECONDS_PER_DAY
from runtime.settings import LoginSettings
from runtime.storage.login_records import Login, Session
from runtime.storage.records import Grant, NotThere

CODE_SECONDS = 60
SESSION_SECONDS = 8 * 3600
NOT_OF_THIS_BROWSER = "This sign-in was not started in this browser, has ended already, or took too long."
# OpenID Connect Core 1.0, 3.1.2.6: what a provider says to prompt=none.
NEEDS_THE_PERSON = frozenset(
    {"login_required", "interaction_required", "consent_required", "account_selection_required"}
)


@dataclass(frozen=True, slots=True)
class CallbackEndpoint:
    """Ends a login: with a code for the client, or at the account page."""

    settings: LoginSettings
    stores: LoginStores
    upstream: Upstream
    ask: ConsentAsker
    clock: Callable[[], float]

    def __call__(self, http: Request, answer: Mapping[str, str]) -> Response:
        """A redirect to the client with a code (RFC 6749 4.1.2), or to the account page.

        Of any number of requests with one state, one gets anything. Raises ``Lapsed`` for a state that is not of this
        browser, and ``LoginFailed`` with what is wrong with the person or the provider's answer.
        """
        who, login = self._login(http, answer)
        request = AuthorizationRequest.read(login.request) if login.request else None
        try:
            person = self._identified(answer, login)
        except Problem as problem:
            self._fail(problem, request, answer.get("error"))
        now = int(self.clock())
        if request and not self._approved(request, login, person, now):
            # Somebody else has logged in than was in session, or has changed their mind meanwhile.
            return self._ask_first(request, who, person, now)
        target = self._granted(request, person, now) if request else f"{self.settings.public_url}/account"
        facts = {"subject": person.subject, "scope": request.scope if request else None}
        done = redirect(target, (self._session(http, person, now),))
        client_id = request.client_id if request else None
        return done._replace(client_id=client_id, audit=(AuditEvent("login").also(facts),))

    def _approved(self, request: AuthorizationRequest, login: Login, person: Person, now: int) -> bool:
        """Whether this person has: just now, on a page that did not name somebody else, or before."""
        if login.approved:
            return login.subject in {None, person.subject}
        return has_approved(self.stores.people.get(person.subject), request, now)

    def _login(self, http: Request, answer: Mapping[str, str]) -> tuple[Browser, Login]:
        """The login of this browser that the state belongs to, which is over thereby; raises ``Lapsed``."""
        who = known_browser(http)
        # What this server cannot have set or sent costs no write.
        if who is None or not CREDENTIAL.fullmatch(answer["state"]):
            raise Lapsed(NOT_OF_THIS_BROWSER)
        try:
            return who, self.stores.logins.take(digest(answer["state"]), who.hash, int(self.clock()))
        except NotThere as error:
            raise Lapsed(NOT_OF_THIS_BROWSER) from error

    def _identified(self, answer: Mapping[str, str], login: Login) -> Person:
        if "error" in answer:
            raise UpstreamRefused("The identity provider did not sign you in.")
        if "code" not in answer:
            raise UpstreamRefused("The identity provider sent back an incomplete answer.")
        return self.upstream.identify(answer["code"], login.code_verifier, login.nonce, answer.get("iss"))

    def _fail(self, problem: Problem, request: AuthorizationRequest | None, said: str | None) -> NoReturn:
        address = request.return_address(self.settings.issuer) if request else None
        # OpenID Connect Core 1.0, 3.1.2.1: prompt=none shows no page.
        if address and request and "none" in request.prompts:
            error = LoginRequired("nobody is logged in at the provider") if said in NEEDS_THE_PERSON else problem
            raise ReturnedError(address, error) from problem
        failed = LoginFailed(problem, address)
        failed.audit = AuditEvent("login_refused")
        raise failed from problem

    def _ask_first(self, request: AuthorizationRequest, who: Browser, person: Person, now: int) -> Response:
        if "none" in request.prompts:
            raise ReturnedError(
                request.return_address(self.settings.issuer), ConsentRequired("the person has to approve")
            )
        # What was pushed is used up by the way here; the form that comes back does not need it again.
        asked = request.without_reference()
        return self.ask(asked, who, _session(person, now))._replace(client_id=request.client_id)

    def _session(self, http: Request, person: Person, now: int) -> str:
        """A new session, whatever the browser had before: nobody knows its id who has known another."""
        before = open_session(http, self.stores.sessions, self.clock)
        if before:
            self.stores.sessions.delete(before.hash)
        value = new_credential()
        self.stores.sessions.add(digest(value), _session(person, now))
        return cookie(SESSION, value, SESSION_SECONDS)

    def _granted(self, request: AuthorizationRequest, person: Person, now: int) -> str:
        """The redirect URI with the code of a new grant, which is on the person's own list from the first moment."""
        code = GrantCredential.new(secrets.token_urlsafe(16))
        keep_until = now + self.settings.refresh_token_days * SECONDS_PER_DAY
        # Without a refresh token, nothing can come of it once the only access token has expired.
        brief = now + CODE_SECONDS + self.settings.access_token_lifetime
        grant = Grant(
            grant_id=code.grant_id,
            client_id=request.client_id,
            client_name=request.client_name,
            subject=person.subject,
            scope=request.scope,
            resource=request.resource,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            code_hash=code.hash,
            code_expires_at=now + CODE_SECONDS,
            created_at=now,
            absolute_expires_at=keep_until if request.lasting else min(brief, keep_until),
            expires_at=now + CODE_SECONDS,
        )
        change = with_grant(self.stores.people.get(person.subject), request, grant, now, keep_until)
        # What leaves the list must no longer be good for anything.
        for forgotten in change.without_grants:
            self.stores.grants.revoke(forgotten)
        self.stores.people.give(grant, change)
        return request.return_address(self.settings.issuer).url(code=str(code))


def _session(person: Person, now: int) -> Session:
    return Session(person.subject, person.name, person.email, now, now + SESSION_SECONDS)
