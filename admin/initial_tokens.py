"""Initial access tokens (RFC 7591 3), which clients need to register if ``registration`` is ``token``."""

from collections.abc import Callable

from runtime.oauth.credentials import digest
from runtime.records.oauth import InitialTokenStore

SECONDS_PER_DAY = 86_400


def add_initial_token(tokens: InitialTokenStore, token: str, days: int, clock: Callable[[], float]) -> None:
    """Store the hash of a token for any number of registrations within ``days``."""
    tokens.add(digest(token), int(clock()) + days * SECONDS_PER_DAY)


def revoke_initial_token(tokens: InitialTokenStore, token: str) -> None:
    """Revoke a token. Clients that registered with it stay. Raise ``NotThere`` if it expired or was revoked."""
    tokens.revoke(digest(token))
