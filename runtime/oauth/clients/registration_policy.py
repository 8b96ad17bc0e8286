"""The policy of a stack on who may register a client."""

from runtime.http.event import Request
from runtime.http.header_values import bearer_token
from runtime.oauth.credentials import digest
from runtime.oauth.errors import InvalidInitialToken, RegistrationClosed
from runtime.records.oauth import InitialTokenStore
from runtime.settings import OAuthSettings

OPEN, WITH_TOKEN, CLOSED = "open", "token", "closed"


def is_invited(request: Request, tokens: InitialTokenStore, now: int) -> bool:
    """Whether a request has a valid initial access token (RFC 7591 3)."""
    token = bearer_token(request.headers.get("authorization", ""))
    # The hash is the key. A lookup by hash reveals nothing about the token, so no constant-time comparison is needed.
    return token is not None and tokens.is_valid(digest(token), now)


def check_registration(request: Request, settings: OAuthSettings, tokens: InitialTokenStore, now: int) -> bool:
    """Check that the stack's policy allows a registration request (RFC 7591 3), whatever its body says.

    Returns whether it ``is_invited``. Raises ``RegistrationClosed`` or ``InvalidInitialToken``.
    """
    if settings.registration not in {OPEN, WITH_TOKEN}:
        raise RegistrationClosed("clients cannot register themselves at this server")
    invited = is_invited(request, tokens, now)
    if settings.registration == WITH_TOKEN and not invited:
        raise InvalidInitialToken
    return invited
