"""Starting a login at the identity provider."""

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
# The prompts that the provider handles. This server asks for consent itself.
PROVIDER_PROMPTS = ("none", "login", "select_account")


class Approval(NamedTuple):
    """The user has just approved. ``subject`` is who the consent page said was signed in, ``None`` for nobody."""

    subject: str | None


@dataclass(frozen=True, slots=True)
class LoginStarter:
    """Starts logins at the identity provider. ``clock`` reads seconds since the epoch."""

    provider: IdentityProvider
    logins: LoginStore
    pushed: PushedStore
    clock: Callable[[], float]

    def start_login(
        self,
        browser: Browser,
        request: AuthorizationRequest | None,
        *,
        transaction: str = "",
        approval: Approval | None = None,
    ) -> str:
        """Save a login for this browser, and return the URL of the provider to send the browser to.

        A pushed request is consumed for ``transaction``. Without a ``request`` the login leads to the account page.
        Raises ``ProviderUnavailable`` before anything is written, and ``Lapsed`` for a pushed request that was used.
        """
        now = int(self.clock())
        state, nonce, verifier = new_credential(), new_credential(), new_credential()
        url = self.provider.authorization_url(state, nonce, pkce.challenge(verifier), _prompt(request))
        if request and request.pushed:
            self._consume_pushed_request(request.pushed, transaction, now)
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

    def _consume_pushed_request(self, reference_hash: str, transaction: str, now: int) -> None:
        try:
            self.pushed.consume(reference_hash, transaction, now)
        except NotThere as error:
            raise Lapsed("This request was already used, or it has expired.") from error


def _prompt(request: AuthorizationRequest | None) -> str | None:
    prompts = [prompt for prompt in PROVIDER_PROMPTS if request and prompt in request.prompts]
    return " ".join(prompts) or None
