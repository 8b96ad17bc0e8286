"""Who may register a client."""

from runtime.event import Request
from runtime.header_values import bearer_token
from runtime.oauth.credentials import digest
from runtime.oauth.errors import InvalidInitialToken, RegistrationClosed
from runtime.settings import OAuthSettings
from runtime.storage.records import InitialTokenStore

OPEN, WITH_TOKEN, CLOSED = "open", "token", "closed"


def check_registration(request: Request, settings: OAuthSettings, tokens: InitialTokenStore, now: int) -> None:
    """Let a registration request through that the stack's policy allows (RFC 7591 3), whatever its body says.

    Raises ``RegistrationClosed`` or ``InvalidInitialToken``.
    """
    if settings.registration == OPEN:
        return
    if settings.registration != WITH_TOKEN:
        raise RegistrationClosed("clients cannot register themselves at this server")
    token = bearer_token(request.headers.get("authorization", ""))
    # The hash is the key: what is looked up gives no hint of the token, so nothing needs comparing in constant time.
    if token is None or not tokens.is_valid(digest(token), now):
        raise InvalidInitialToken
