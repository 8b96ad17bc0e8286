"""The consents and grants of a user, and how the record of a user changes with a new grant."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final, NamedTuple, TypeVar

from runtime.login.pages.markup import plain_text
from runtime.login.request import AuthorizationRequest
from runtime.oauth.clients.redirect_uri import without_loopback_port
from runtime.oauth.credentials import digest
from runtime.records.login import Consent, UserChange, UserGrant, UserRecord
from runtime.records.oauth import Grant
from runtime.scopes import scope_list

# The item of a user holds 400 KB at most. Each client has its own share, so none can fill the share of another.
MOST_CLIENTS: Final = 80
SHARE_BYTES: Final = 5000
MOST_GRANTS_OF_ONE_CLIENT: Final = 20
MOST_CONSENTS_OF_ONE_CLIENT: Final = 5
LONGEST_URI: Final = 200
# How many expired consents, and grants, one write removes; the next write removes more.
MOST_CLEARED: Final = 50

Dated = TypeVar("Dated", Consent, UserGrant)


class Access(NamedTuple):
    """The access of one client to a user's account, as the account page lists it.

    ``since`` and ``last`` are the first and the last authorization, in seconds since the epoch. ``consents`` are keys.
    """

    client_id: str
    client_name: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    since: int
    last: int
    grant_ids: tuple[str, ...]
    consents: tuple[str, ...]


def has_approved(user: UserRecord, request: AuthorizationRequest, now: int) -> bool:
    """Whether a user has approved everything on the consent page: client, name, redirect URI and scopes."""
    consent = _find_current(user.consents, now).get(_consent_key(request))
    return consent is not None and set(request.scopes_to_approve) <= set(scope_list(consent.scope))


def change_for_grant(
    user: UserRecord, request: AuthorizationRequest, grant: Grant, now: int, keep_until: int
) -> UserChange:
    """Return the change that adds a grant and its consent to the record of a user.

    The consent adds to an earlier one with the same client, name and redirect URI, and expires at ``keep_until``.
    The change removes expired consents and grants, and the oldest ones of this client if they exceed its share.
    Unexpired entries of other clients stay.
    """
    key = _consent_key(request)
    own_consents = _of_client(_find_current(user.consents, now), request.client_id)
    own_grants = _of_client(_find_current(user.grants, now), request.client_id)
    consent = _consent(request, own_consents.pop(key, None), now, keep_until)
    user_grant = UserGrant(request.client_id, now, grant.absolute_expires_at)
    room = SHARE_BYTES - _size(key, consent) - _size(grant.grant_id, user_grant)
    kept_grants = _newest_within(own_grants, room, MOST_GRANTS_OF_ONE_CLIENT - 1)
    room -= sum(_size(*one) for one in kept_grants.items())
    kept_consents = _newest_within(own_consents, room, MOST_CONSENTS_OF_ONE_CLIENT - 1)
    return UserChange(
        consents={key: consent},
        grants={grant.grant_id: user_grant},
        without_consents={*_find_expired(user.consents, now), *own_consents.keys() - kept_consents.keys()} - {key},
        without_grants={*_find_expired(user.grants, now), *own_grants.keys() - kept_grants.keys()},
        expires_at=max(keep_until, user_grant.expires, user.expires_at),
    )


def grants_to_revoke(user: UserRecord, change: UserChange, now: int) -> list[str]:
    """Return the ids of the grants that a change removes although they have not expired."""
    return [key for key in _find_current(user.grants, now) if key in change.without_grants]


def without_access(user: UserRecord, access: Access) -> UserRecord:
    """Return the record of a user without the consents and grants of one client."""
    return replace(
        user,
        consents={key: one for key, one in user.consents.items() if key not in access.consents},
        grants={key: one for key, one in user.grants.items() if key not in access.grant_ids},
    )


def list_accesses(user: UserRecord, now: int) -> list[Access]:
    """Return the clients that have access, the last authorized first."""
    consents, grants = _find_current(user.consents, now), _find_current(user.grants, now)
    clients = {one.client_id for one in grants.values()} | {one.client_id for one in consents.values()}
    listed = [_access(client, _of_client(consents, client), _of_client(grants, client)) for client in clients]
    return sorted(listed, key=lambda one: -one.last)


def _access(client_id: str, consents: Mapping[str, Consent], grants: Mapping[str, UserGrant]) -> Access:
    times = [one.at for one in consents.values()] + [one.at for one in grants.values()]
    newest = [consents[key] for key in _newest_first(consents)]
    return Access(
        client_id=client_id,
        client_name=newest[0].client_name if newest else "",
        redirect_uris=tuple(dict.fromkeys(one.redirect_uri for one in newest)),
        scopes=tuple(dict.fromkeys(scope for one in newest for scope in scope_list(one.scope))),
        since=min(times),
        last=max(times),
        grant_ids=tuple(_newest_first(grants)),
        consents=tuple(consents),
    )


def _consent_key(request: AuthorizationRequest) -> str:
    """Return the key of a consent: a hash of the client, and of its name and redirect URI as the page shows them."""
    identity = [request.client_id, plain_text(request.client_name), without_loopback_port(request.redirect_uri)]
    return digest(json.dumps(identity))


def _consent(request: AuthorizationRequest, before: Consent | None, now: int, keep_until: int) -> Consent:
    scopes = dict.fromkeys([*(scope_list(before.scope) if before else ()), *request.scopes_to_approve])
    uri = without_loopback_port(request.redirect_uri)
    return Consent(
        client_id=request.client_id,
        client_name=plain_text(request.client_name),
        redirect_uri=uri if len(uri) <= LONGEST_URI else f"{uri[: LONGEST_URI - 1]}…",
        scope=" ".join(scopes),
        at=now,
        expires=keep_until,
    )


def _find_current(entries: Mapping[str, Dated], now: int) -> dict[str, Dated]:
    return {key: one for key, one in entries.items() if one.expires > now}


def _find_expired(entries: Mapping[str, Dated], now: int) -> list[str]:
    """Return the keys of expired entries, as many as one write removes."""
    return [key for key, one in entries.items() if one.expires <= now][:MOST_CLEARED]


def _of_client(entries: Mapping[str, Dated], client_id: str) -> dict[str, Dated]:
    return {key: one for key, one in entries.items() if one.client_id == client_id}


def _newest_within(own: Mapping[str, Dated], room: int, most: int) -> dict[str, Dated]:
    """Return the newest entries that fit into ``room`` bytes, ``most`` of them at most."""
    entries = {}
    for key in _newest_first(own)[:most]:
        room -= _size(key, own[key])
        if room < 0:
            break
        entries[key] = own[key]
    return entries


def _size(key: str, entry: Consent | UserGrant) -> int:
    """Return the most bytes that an entry takes: DynamoDB adds less to each name and value than JSON does."""
    return len(key) + len(json.dumps(asdict(entry), ensure_ascii=False).encode())


def _newest_first(entries: Mapping[str, Dated]) -> list[str]:
    return sorted(entries, key=lambda key: entries[key].at, reverse=True)
