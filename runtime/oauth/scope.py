"""The scope that a client gets: one rule for every endpoint and every grant type."""

import re
from collections.abc import Mapping, Sequence

from runtime.oauth.errors import InvalidScope
from runtime.scopes import expand_scopes, scope_list

# OpenID Connect Core 1.0, 11: this scope asks for a refresh token. No access token carries it.
OFFLINE_ACCESS = "offline_access"
# RFC 6749 3.3: the characters of scopes, and the spaces between them.
CHARACTERS = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")


def resource_scopes(scope: str) -> list[str]:
    """Return the scopes in a scope string (RFC 6749 3.3) that an access token can carry, without duplicates."""
    return [each for each in scope_list(scope) if each != OFFLINE_ACCESS]


def asks_for_refresh_token(scope: str) -> bool:
    """Whether ``offline_access`` is in a scope string."""
    return OFFLINE_ACCESS in scope_list(scope)


def scope_within(held: str, asked: str | None, implies: Mapping[str, Sequence[str]]) -> str:
    """Return the part of the requested scope that is held, or all that is held if the request names none.

    RFC 6749 3.3: the server "MAY fully or partially ignore the scope requested by the client", and says in the response
    what it grants. Clients ask for every scope that the challenge or the metadata names, and OpenID clients for
    ``openid``. A request may name a scope that a held scope implies. Raises ``InvalidScope`` if no scope remains, or if
    the text is not a scope string.
    """
    if not CHARACTERS.fullmatch(asked or ""):
        raise InvalidScope("has characters that a scope cannot have", pointer="/scope")
    wanted = resource_scopes(asked or "")
    if not wanted:
        return " ".join(resource_scopes(held))
    allowed = expand_scopes(resource_scopes(held), implies)
    granted = [scope for scope in wanted if scope in allowed]
    if not granted:
        raise InvalidScope("has no scope that this client may have", pointer="/scope")
    return " ".join(granted)
