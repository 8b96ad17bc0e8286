"""Leaving for the identity provider."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import NamedTuple

from runtime.login.browser import Browser
from runtime.login.errors import Lapsed
from runtime.login.provider.identity import IdentityProvider
from runtime.login.request import AuthorizationRequest
from runtime.oauth import pkce
from runtime.oauth.credentials import digest, new_credential
from runtime.records.errors import NotThere
from runtime.records.login import Login, LoginStore, PushedStore

LIFETIME_SECONDS = 600
# What of a prompt is for the provider to show; consent is shown here.
PROVIDERS_PROMPTS = ("none", "login", "select_account")


class Approval(NamedTuple):
    """That somebody has just approved, on a page that said ``subject`` is signed in, or nobody."""

    subject: str | None


@dataclass(frozen=True, slots=True)
class Departure:
    """Sends browsers to the identity provider, and remembers which and what for."""

    provider: IdentityProvider
    logins: LoginStore
    pushed: PushedStore
    clock: Callable[[], float]

    def url(
        self,
        browser: Browser,
        request: AuthorizationRequest | None,
        *,
        transaction: str = "",
        approval: Approval | None = None,
    ) -> str:
        """Where to go. ``transaction`` is what a pushed request is used up for.

        Raises ``ProviderUnavailable``, and nothing is used up then; or ``Lapsed`` for a pushed request that was used.
        """
        now = int(self.clock())
        state, nonce, verifier = new_credential(), new_credential(), new_credential()
        url = self.provider.authorization_url(state, nonce, pkce.challenge(verifier), _prompt(request))
        if request and request.pushed:
            try:
                self.pushed.use(request.pushed, transaction, now)
            except NotThere as error:
                raise Lapsed("This request was used already, or is too old.") from error
        login = Login(
            browser_hash=browser.hash,
            nonce=nonce,
            code_verifier=verifier,
            request=asdict(request) if request else None,
            approved=approval is not None,
            expires_at=now + LIFETIME_SECONDS,
            subject=approval.subject if approval else None,
        )
        self.logins.add(digest(state), login)
        return url


def _prompt(request: AuthorizationRequest | None) -> str | None:
    wanted = [prompt for prompt in PROVIDERS_PROMPTS if request and prompt in request.prompts]
    return " ".join(wanted) or None
