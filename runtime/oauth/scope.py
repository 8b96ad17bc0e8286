"""Which scope a client gets: one rule for every endpoint and every grant type."""

import re
from collections.abc import Mapping, Sequence

from runtime.oauth.errors import InvalidScope
from runtime.scopes import expand_scopes, scope_list

# OpenID Connect Core 1.0, 11: who asks for it asks for a refresh token. It is nothing that an access token can carry.
OFFLINE_ACCESS = "offline_access"
# RFC 6749 3.3: what scopes are made of, and the spaces between them.
CHARACTERS = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")


def resource_scopes(scope: str) -> list[str]:
    """The scopes in a scope string (RFC 6749 3.3) that an access token can carry, each of them once."""
    return [each for each in scope_list(scope) if each != OFFLINE_ACCESS]


def asks_for_refresh_token(scope: str) -> bool:
    """Whether ``offline_access`` is in a scope string."""
    return OFFLINE_ACCESS in scope_list(scope)


def scope_within(held: str, asked: str | None, implies: Mapping[str, Sequence[str]]) -> str:
    """RFC 6749 3.3: what is asked for, as far as it is held; all that is held when nothing is asked for.

    A scope that is implied by one that is held may be asked for in its place. Whatever else is asked for is left out,
    as the response says: clients ask for all that the metadata lists, and OpenID clients for openid. Raises
    ``InvalidScope`` where nothing is left, or where the text is no scope at all.
    """
    if not CHARACTERS.fullmatch(asked or ""):
        raise InvalidScope("has characters that no scope has", pointer="/scope")
    wanted = resource_scopes(asked or "")
    if not wanted:
        return " ".join(resource_scopes(held))
    may = expand_scopes(resource_scopes(held), implies)
    granted = [scope for scope in wanted if scope in may]
    if not granted:
        raise InvalidScope("names nothing that this client may have", pointer="/scope")
    return " ".join(granted)
