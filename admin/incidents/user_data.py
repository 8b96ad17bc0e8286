"""Which items of the table belong to a user, for every kind of record."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import msgspec

from runtime import prefixes
from runtime.records.mcp import Principal
from runtime.storage.table import Item
from runtime.storage.users import user_key


class Who(NamedTuple):
    """A user: the issuer of the identity provider, and the subject there (OpenID Connect Core 1.0, 5.7)."""

    identity_provider: str | None
    subject: str


class _Owned(msgspec.Struct):
    """The part of a task or an exchange that says whose it is."""

    owner: Principal


def _names(item: Item, who: Who) -> bool:
    return item.get("subject") == who.subject and item.get("identity_provider") == who.identity_provider


def _has_key(item: Item, who: Who) -> bool:
    return bool(item["pk"] == user_key(who.identity_provider, who.subject))


# The mcp function knows no issuer: there is one at a time, and what it stores lasts for hours.
def _has_owner(item: Item, who: Who) -> bool:
    return msgspec.json.decode(item["document"], type=_Owned).owner.subject == who.subject


def _ends_with(item: Item, who: Who) -> bool:
    # No client id has a "#": a URL with a fragment cannot be one.
    return bool(item["pk"].split("#", 2)[2] == who.subject)


# Whether an item is a user's, by the kind of record.
BELONGS: Final[Mapping[str, Callable[[Item, Who], bool]]] = {
    prefixes.GRANTS: _names,
    prefixes.USERS: _has_key,
    prefixes.SESSIONS: _names,
    prefixes.LOGINS: _names,
    prefixes.TASKS: _has_owner,
    prefixes.EXCHANGES: _has_owner,
    prefixes.LEVELS: _ends_with,
}
# The kinds of records that name no user, and why.
OF_NOBODY: Final[Mapping[str, str]] = {
    prefixes.CLIENTS: "what a client says of itself",
    prefixes.INITIAL_TOKENS: "hashes of invitations for clients",
    prefixes.COUNTERS: "hashes of networks, clients and hosts",
    prefixes.ONE_TIME: "ids of assertions of clients",
    prefixes.REVOKED: "ids of access tokens, which are random",
    prefixes.CLIENT_KEYS: "public keys of clients",
    prefixes.CLIENT_DOCUMENTS: "what a client says of itself",
    prefixes.PUSHED: "requests of clients, made before anybody signed in",
    prefixes.CUTOFF: "a moment",
}


def belongs_to(item: Item, who: Who) -> bool:
    """Whether an item is a user's. Raises ``KeyError`` for a kind of record that is not in ``BELONGS``."""
    prefix = item["pk"].partition("#")[0] + "#"
    return BELONGS[prefix](item, who)
