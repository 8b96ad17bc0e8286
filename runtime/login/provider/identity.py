"""Who a user is, and the identity provider that says so, as the rest of the login knows it."""

from typing import NamedTuple, Protocol

from runtime.http.errors import Problem


class User(NamedTuple):
    """Somebody who has logged in. ``subject`` is the value of the claim that the stack's configuration names."""

    subject: str
    name: str | None
    email: str | None


class ProviderUnavailable(Problem):
    """The identity provider cannot be reached, or fails: nothing the user can do but try again."""

    status = 503
    code = "temporarily_unavailable"


class ProviderRefused(Problem):
    """The identity provider says an error, or says something that does not verify (OpenID Connect Core 1.0, 3.1.3.7).

    The reason is shown to the user, so it is in this server's own words and never the provider's.
    """

    status = 400
    code = "access_denied"


class NotAllowed(Problem):
    """The provider vouches for this user, and the stack's policy (e-mail domains, groups) does not let them in."""

    status = 403
    code = "access_denied"


class IdentityProvider(Protocol):
    """An OpenID Connect provider. Every method may raise ``ProviderUnavailable``."""

    def authorization_url(self, state: str, nonce: str, code_challenge: str, prompt: str | None = None) -> str:
        """Where to send the browser (OpenID Connect Core 1.0, 3.1.2.1). ``code_challenge`` is for S256 (RFC 7636).

        ``prompt`` is handed on as it is; ``None`` leaves it out.
        """

    def identify(self, code: str, code_verifier: str, nonce: str, iss: str | None) -> User:
        """Who logged in, for the ``code`` and the ``iss`` (RFC 9207) that the browser came back with.

        ``iss`` is ``None`` when the browser brought none, which is wrong for a provider that announces it.
        Raises ``ProviderRefused`` when the provider does not confirm, ``NotAllowed`` for a user who may not log in.
        """
