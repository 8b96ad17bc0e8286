"""What a grant type declares about itself, and what the handlers of grant types share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.clients.registration_policy import CLOSED
from runtime.oauth.errors import InvalidRequest
from runtime.oauth.stores import Stores
from runtime.records.oauth import Client
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import BEARER, Tokens


class GrantHandler(Protocol):
    """Handles the token requests of one grant type."""

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Issue tokens to a client that is registered for the grant type; return the response of RFC 6749 5.1.

        Raises the errors of RFC 6749 5.2 and RFC 8707 2. A request that fails these checks consumes nothing.
        """


@dataclass(frozen=True, slots=True)
class GrantServices:
    """What the handlers of grant types are built from. ``clock`` reads seconds since the epoch."""

    settings: OAuthSettings
    stores: Stores
    tokens: Tokens
    renew: Renewal
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class GrantType:
    """One grant type, as its module declares it.

    ``name`` is its value of ``grant_type``. ``is_interactive`` tells whether a user has to log in first, ``is_machine``
    whether the client acts on its own behalf (RFC 6749 4.4). ``build`` makes its handler.
    """

    name: str
    build: Callable[[GrantServices], GrantHandler]
    is_interactive: bool = False
    is_machine: bool = False

    def is_available(self, settings: OAuthSettings) -> bool:
        """Whether a stack with these settings offers this grant type."""
        if self.is_interactive and not settings.interactive:
            return False
        return not (self.is_machine and settings.machine_clients == CLOSED)


def require_parameter(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter that the grant type requires, or raise ``InvalidRequest``."""
    if name not in parameters:
        raise InvalidRequest("is required", pointer=f"/{name}")
    return parameters[name]


def bearer_response(access_token: str, lifetime: int, scope: str) -> dict[str, Any]:
    """Return the members of a successful response (RFC 6749 5.1), without a refresh token."""
    return {"access_token": access_token, "token_type": BEARER, "expires_in": lifetime, "scope": scope}
