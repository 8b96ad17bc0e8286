"""The user, and the interface of an identity provider."""

from typing import NamedTuple, Protocol

from runtime.http.errors import Problem


class User(NamedTuple):
    """A user who has logged in. ``subject`` is the value of the claim that the stack configures as the subject."""

    subject: str
    name: str | None
    email: str | None


class ProviderUnavailable(Problem):
    """The identity provider cannot be reached, or fails. The user can only try again."""

    status = 503
    code = "temporarily_unavailable"


class ProviderRefused(Problem):
    """The identity provider returned an error, or a response that does not verify (OpenID Connect Core 1.0, 3.1.3.7).

    The user reads the reason, so it is always this server's text and never the provider's.
    """

    status = 400
    code = "access_denied"


class NotAllowed(Problem):
    """The user logged in at the provider, but the stack's policy (e-mail domains, groups) does not allow them."""

    status = 403
    code = "access_denied"


class IdentityProvider(Protocol):
    """An OpenID Connect provider. Every method may raise ``ProviderUnavailable``."""

    def authorization_url(self, state: str, nonce: str, code_challenge: str, prompt: str | None = None) -> str:
        """Return where to send the browser (OpenID Connect Core 1.0, 3.1.2.1).

        ``code_challenge`` is for S256 (RFC 7636). ``prompt`` is passed on unchanged; ``None`` omits it.
        """

    def identify(self, code: str, code_verifier: str, nonce: str, iss: str | None) -> User:
        """Return the user who logged in, for the ``code`` and the ``iss`` (RFC 9207) of the provider's response.

        ``iss`` is ``None`` if the response has none, which is an error for a provider that announces it.
        Raises ``ProviderRefused`` if the provider does not confirm the login, ``NotAllowed`` if the user may not log
        in.
        """
