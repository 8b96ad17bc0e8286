"""Initial access tokens (RFC 7591 3), with which clients register where ``registration`` is ``token``."""

from collections.abc import Callable

from runtime.oauth.credentials import digest, new_credential
from runtime.records.oauth import InitialTokenStore

SECONDS_PER_DAY = 86_400


def make(tokens: InitialTokenStore, days: int, clock: Callable[[], float]) -> str:
    """A new token that is good for ``days``, for any number of registrations: only its hash is kept."""
    token = new_credential()
    tokens.add(digest(token), int(clock()) + days * SECONDS_PER_DAY)
    return token


def revoke(tokens: InitialTokenStore, token: str) -> None:
    """End a token at once; raises ``NotThere`` for one that has ended. Clients registered with it stay."""
    tokens.revoke(digest(token))
