"""What a user has approved and granted: deciding what is kept of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final, NamedTuple, TypeVar

from runtime.login.pages.markup import plain
from runtime.login.request import AuthorizationRequest
from runtime.oauth.clients.redirect_uri import without_loopback_port
from runtime.oauth.credentials import digest
from runtime.records.login import Consent, GivenGrant, UserChange, UserRecord
from runtime.records.oauth import Grant
from runtime.scopes import scope_list

# A user's item takes 400 KB. Each client has a share of it, so that none takes the room of another.
MOST_CLIENTS: Final = 80
SHARE_BYTES: Final = 5000
MOST_GRANTS_OF_ONE_CLIENT: Final = 20
MOST_CONSENTS_OF_ONE_CLIENT: Final = 5
LONGEST_URI: Final = 200
# How much of what is over one write removes; the next one goes on.
MOST_CLEARED: Final = 50

Dated = TypeVar("Dated", Consent, GivenGrant)


class Access(NamedTuple):
    """What one client may do for a user, and where its codes go.

    Times are seconds since the epoch: the first and the last authorization. ``consents`` are keys.
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
    """Whether a user has approved all that the page would show: client, name, redirect URI and scope."""
    consent = _live(user.consents, now).get(_consent_key(request))
    return consent is not None and set(request.shown) <= set(scope_list(consent.scope))


def with_grant(user: UserRecord, request: AuthorizationRequest, grant: Grant, now: int, keep_until: int) -> UserChange:
    """A new grant and the consent it rests on, which adds to an earlier one of the same client, name and redirect URI.

    What is over goes. Nothing of other clients does: where there is not room enough for all of this client's own, its
    oldest goes. ``keep_until`` is when the consent is forgotten.
    """
    key = _consent_key(request)
    own_consents = _of_client(_live(user.consents, now), request.client_id)
    own_grants = _of_client(_live(user.grants, now), request.client_id)
    consent = _consent(request, own_consents.pop(key, None), now, keep_until)
    given = GivenGrant(request.client_id, now, grant.absolute_expires_at)
    room = SHARE_BYTES - _size(key, consent) - _size(grant.grant_id, given)
    kept_grants = _fitting(own_grants, room, MOST_GRANTS_OF_ONE_CLIENT - 1)
    room -= sum(_size(*one) for one in kept_grants.items())
    kept_consents = _fitting(own_consents, room, MOST_CONSENTS_OF_ONE_CLIENT - 1)
    return UserChange(
        consents={key: consent},
        grants={grant.grant_id: given},
        without_consents={*_over(user.consents, now), *own_consents.keys() - kept_consents.keys()} - {key},
        without_grants={*_over(user.grants, now), *own_grants.keys() - kept_grants.keys()},
        expires_at=max(keep_until, given.expires, user.expires_at),
    )


def displaced(user: UserRecord, change: UserChange, now: int) -> list[str]:
    """The grants that leave a user's list with a change although they are not over."""
    return [key for key in _live(user.grants, now) if key in change.without_grants]


def without_access(user: UserRecord, access: Access) -> UserRecord:
    """What is kept of a user once a client has none of it."""
    return replace(
        user,
        consents={key: one for key, one in user.consents.items() if key not in access.consents},
        grants={key: one for key, one in user.grants.items() if key not in access.grant_ids},
    )


def accesses(user: UserRecord, now: int) -> list[Access]:
    """Which clients have access, the latest first."""
    consents, grants = _live(user.consents, now), _live(user.grants, now)
    clients = {one.client_id for one in grants.values()} | {one.client_id for one in consents.values()}
    listed = [_access(client, _of_client(consents, client), _of_client(grants, client)) for client in clients]
    return sorted(listed, key=lambda one: -one.last)


def _access(client_id: str, consents: Mapping[str, Consent], grants: Mapping[str, GivenGrant]) -> Access:
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
    """What a consent is known by: the client, and its name and its redirect URI as the page shows them."""
    shown = [request.client_id, plain(request.client_name), without_loopback_port(request.redirect_uri)]
    return digest(json.dumps(shown))


def _consent(request: AuthorizationRequest, before: Consent | None, now: int, keep_until: int) -> Consent:
    scopes = dict.fromkeys([*(scope_list(before.scope) if before else ()), *request.shown])
    uri = without_loopback_port(request.redirect_uri)
    return Consent(
        client_id=request.client_id,
        client_name=plain(request.client_name),
        redirect_uri=uri if len(uri) <= LONGEST_URI else f"{uri[: LONGEST_URI - 1]}…",
        scope=" ".join(scopes),
        at=now,
        expires=keep_until,
    )


def _live(kept: Mapping[str, Dated], now: int) -> dict[str, Dated]:
    return {key: one for key, one in kept.items() if one.expires > now}


def _over(kept: Mapping[str, Dated], now: int) -> list[str]:
    """What is over, as much of it as one write removes."""
    return [key for key, one in kept.items() if one.expires <= now][:MOST_CLEARED]


def _of_client(kept: Mapping[str, Dated], client_id: str) -> dict[str, Dated]:
    return {key: one for key, one in kept.items() if one.client_id == client_id}


def _fitting(own: Mapping[str, Dated], room: int, most: int) -> dict[str, Dated]:
    """The newest that there is room for, in bytes."""
    fitting = {}
    for key in _newest_first(own)[:most]:
        room -= _size(key, own[key])
        if room < 0:
            break
        fitting[key] = own[key]
    return fitting


def _size(key: str, kept: Consent | GivenGrant) -> int:
    """How many bytes it takes, at most: DynamoDB adds less to each name and value than JSON does."""
    return len(key) + len(json.dumps(asdict(kept), ensure_ascii=False).encode())


def _newest_first(kept: Mapping[str, Dated]) -> list[str]:
    return sorted(kept, key=lambda key: kept[key].at, reverse=True)
