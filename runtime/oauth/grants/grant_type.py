"""What the grant types have in common."""

from collections.abc import Mapping
from typing import Any, Protocol

from runtime.oauth.errors import InvalidRequest
from runtime.records.oauth import Client
from runtime.tokens.access_tokens import BEARER


class GrantType(Protocol):
    """Answers the token requests of one grant type."""

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The successful response of RFC 6749 5.1 to a client that is registered for the grant type.

        Raises the errors of RFC 6749 5.2 and RFC 8707 2. A request that does not fit uses nothing up.
        """


def required(parameters: Mapping[str, str], name: str) -> str:
    """A parameter that the grant type cannot do without; raises ``InvalidRequest``."""
    if name not in parameters:
        raise InvalidRequest("is required", pointer=f"/{name}")
    return parameters[name]


def bearer(access_token: str, lifetime: int, scope: str) -> dict[str, Any]:
    """The members of a successful response (RFC 6749 5.1), without a refresh token."""
    return {"access_token": access_token, "token_type": BEARER, "expires_in": lifetime, "scope": scope}
