"""The callback, ``GET /callback``: the identity provider sends the browser here (OpenID Connect Core 1.0, 3.1.2.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from runtime.audit import AuditEvent
from runtime.http.errors import Problem
from runtime.http.event import Request, Response
from runtime.login.authorize import ConsentAsker
from runtime.login.browser import CREDENTIAL, SESSION, Browser, cookie, find_browser, find_session
from runtime.login.errors import (
    ConsentRequired,
    Lapsed,
    LoginFailed,
    LoginRequired,
    ReturnedError,
    TooManyApplications,
)
from runtime.login.grant_issuer import GrantIssuer
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
NOT_OF_THIS_BROWSER = "This sign-in was started in another browser, has already ended, or took too long."
# OpenID Connect Core 1.0, 3.1.2.6: the errors of a provider that cannot do prompt=none.
NEEDS_THE_USER = frozenset({"login_required", "interaction_required", "consent_required", "account_selection_required"})


@dataclass(frozen=True, slots=True)
class CallbackEndpoint:
    """Ends a login, with a code for the client or at the account page. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    stores: LoginStores
    provider: IdentityProvider
    grants: GrantIssuer
    ask_for_consent: ConsentAsker
    clock: Callable[[], float]

    def __call__(self, request: Request, answer: Mapping[str, str]) -> Response:
        """Redirect to the client with a code (RFC 6749 4.1.2), or to the account page.

        Of any number of requests with one state, exactly one succeeds. Raises ``Lapsed`` for a state of another
        browser, and ``LoginFailed`` with the reason if the user may not log in or the provider's answer is not valid.
        """
        who, login = self._consume_login(request, answer)
        authorization = AuthorizationRequest.from_dict(login.request) if login.request else None
        try:
            user = self._identify_user(answer, login)
        except Problem as problem:
            self._refuse(problem, authorization, answer.get("error"))
        if authorization is None:
            return self._redirect_with_session(request, user, f"{self.settings.public_url}/account", {})
        if not self._is_approved(authorization, login, user):
            # Another user logged in than the consent page named, or the user revoked the access meanwhile.
            return self._ask_first(authorization, who, user)
        return self._send_code(request, authorization, user)

    def _send_code(self, request: Request, authorization: AuthorizationRequest, user: User) -> Response:
        """Issue a grant, and send the browser to the client with its code."""
        try:
            issued = self.grants.issue_grant(authorization, user)
        except TooManyApplications as problem:
            self._refuse(problem, authorization, None)
        target = authorization.return_address(self.settings.issuer).url(code=str(issued.code))
        facts = {
            "scope": authorization.scope,
            "redirect_uri": authorization.redirect_uri,
            "grant_id": issued.code.grant_id,
        }
        response = self._redirect_with_session(request, user, target, facts)
        return response._replace(client_id=authorization.client_id, audit=(*issued.events, *response.audit))

    def _redirect_with_session(self, request: Request, user: User, target: str, facts: Mapping[str, str]) -> Response:
        """Start a session, and redirect the browser to ``target``. ``facts`` are for the audit event."""
        now = int(self.clock())
        session_cookie = self._start_session(request, user, now)
        who = {"subject": user.subject, "identity_provider": self.settings.identity_provider}
        event = AuditEvent("login", facts).with_facts(who)
        return redirect(target, (session_cookie,))._replace(audit=(event,))

    def _is_approved(self, authorization: AuthorizationRequest, login: Login, user: User) -> bool:
        """Whether this user has approved: just now, on a page that named no other user, or before."""
        if login.approved:
            return login.subject in {None, user.subject}
        return has_approved(self.stores.users.get(user.subject), authorization, int(self.clock()))

    def _consume_login(self, request: Request, answer: Mapping[str, str]) -> tuple[Browser, Login]:
        """Remove the login of this browser that the state belongs to, and return both; raises ``Lapsed``."""
        who = find_browser(request)
        # A cookie or state that this server cannot have made costs no write.
        if who is None or not CREDENTIAL.fullmatch(answer["state"]):
            raise Lapsed(NOT_OF_THIS_BROWSER)
        try:
            login = self.stores.logins.consume(digest(answer["state"]), who.hash, int(self.clock()))
        except NotThere as error:
            raise Lapsed(NOT_OF_THIS_BROWSER) from error
        return who, login

    def _identify_user(self, answer: Mapping[str, str], login: Login) -> User:
        if "error" in answer:
            raise ProviderRefused("The identity provider did not sign you in.")
        if "code" not in answer:
            raise ProviderRefused("The identity provider sent an incomplete response.")
        return self.provider.identify(answer["code"], login.code_verifier, login.nonce, answer.get("iss"))

    def _refuse(
        self, problem: Problem, authorization: AuthorizationRequest | None, provider_error: str | None
    ) -> NoReturn:
        address = authorization.return_address(self.settings.issuer) if authorization else None
        # OpenID Connect Core 1.0, 3.1.2.1: prompt=none shows no page.
        if address and authorization and "none" in authorization.prompts:
            not_logged_in = LoginRequired("the user is not logged in at the identity provider")
            error = not_logged_in if provider_error in NEEDS_THE_USER else problem
            raise ReturnedError(address, error) from problem
        failed = LoginFailed(problem, address)
        failed.audit = AuditEvent("login_refused")
        raise failed from problem

    def _ask_first(self, authorization: AuthorizationRequest, who: Browser, user: User) -> Response:
        if "none" in authorization.prompts:
            error = ConsentRequired("the user has not approved this request")
            raise ReturnedError(authorization.return_address(self.settings.issuer), error)
        # This login has already consumed the pushed request, so the next one must not.
        page = self.ask_for_consent(authorization.without_reference(), who, _new_session(user, int(self.clock())))
        return page._replace(client_id=authorization.client_id)

    def _start_session(self, request: Request, user: User, now: int) -> str:
        """Replace the session of this browser by a new one, and return its cookie.

        The id is always new, so knowing the previous one is worth nothing (session fixation).
        """
        before = find_session(request, self.stores.sessions, self.clock)
        if before:
            self.stores.sessions.delete(before.hash)
        value = new_credential()
        self.stores.sessions.add(digest(value), _new_session(user, now))
        return cookie(SESSION, value, SESSION_SECONDS)


def _new_session(user: User, now: int) -> Session:
    return Session(user.subject, user.name, user.email, now, now + SESSION_SECONDS)
