"""What a person has approved and granted: deciding what is kept of it."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from runtime.login.request import AuthorizationRequest
from runtime.scopes import scope_list
from runtime.storage.login_records import Consent, GivenGrant, PersonChange, PersonRecord
from runtime.storage.records import Grant

# A person's item has room for some hundreds; whoever comes near that has clients that never use what they are given.
MOST_CONSENTS = MOST_GRANTS = 100
MOST_GRANTS_OF_ONE_CLIENT = 20

Dated = TypeVar("Dated", Consent, GivenGrant)


class Access(NamedTuple):
    """What one client may do for a person. Times are seconds since the epoch: the first and the last authorization."""

    client_id: str
    client_name: str
    scopes: tuple[str, ...]
    since: int
    last: int
    grant_ids: tuple[str, ...]


def has_approved(person: PersonRecord, request: AuthorizationRequest, now: int) -> bool:
    """Whether a person has approved this client for all that it asks for."""
    consent = person.consents.get(request.client_id) if person.expires_at > now else None
    return consent is not None and set(request.shown) <= set(scope_list(consent.scope))


def with_grant(
    person: PersonRecord, request: AuthorizationRequest, grant: Grant, now: int, keep_until: int
) -> PersonChange:
    """A new grant and the consent it rests on, which adds to the earlier one; what has lapsed or is too much goes.

    ``keep_until`` is when consents are forgotten, unless another grant is given before.
    """
    current = person if person.expires_at > now else PersonRecord()
    before = current.consents.get(grant.client_id)
    scope = " ".join(dict.fromkeys([*(scope_list(before.scope) if before else ()), *request.shown]))
    consents = {grant.client_id: Consent(scope, grant.client_name, now)}
    given = GivenGrant(grant.client_id, grant.client_name, grant.scope, now, grant.absolute_expires_at)
    live = {key: one for key, one in current.grants.items() if one.expires > now}
    return PersonChange(
        consents=consents,
        grants={grant.grant_id: given},
        without_consents=person.consents.keys() - _kept_consents(current.consents, grant.client_id),
        without_grants=person.grants.keys() - _kept_grants(live, grant.client_id),
        expires_at=max(keep_until, given.expires, current.expires_at),
    )


def accesses(person: PersonRecord, now: int) -> list[Access]:
    """Which clients have access, the latest first."""
    if person.expires_at <= now:
        return []
    live = {key: grant for key, grant in person.grants.items() if grant.expires > now}
    clients = {grant.client_id for grant in live.values()} | person.consents.keys()
    return sorted((_access(client, person.consents, live) for client in clients), key=lambda one: -one.last)


def _access(client_id: str, consents: Mapping[str, Consent], grants: Mapping[str, GivenGrant]) -> Access:
    own = {key: grant for key, grant in grants.items() if grant.client_id == client_id}
    given: list[Consent | GivenGrant] = [*own.values(), *([consents[client_id]] if client_id in consents else [])]
    latest = max(given, key=lambda one: one.at)
    scopes = dict.fromkeys(scope for one in given for scope in scope_list(one.scope))
    return Access(client_id, latest.client_name, tuple(scopes), min(one.at for one in given), latest.at, tuple(own))


def _kept_consents(consents: Mapping[str, Consent], client_id: str) -> set[str]:
    """Which consents stay beside a new one of a client, which takes the place of its earlier one."""
    others = {key: one for key, one in consents.items() if key != client_id}
    return {client_id, *_newest_first(others)[: MOST_CONSENTS - 1]}


def _kept_grants(live: Mapping[str, GivenGrant], client_id: str) -> set[str]:
    """Which grants stay beside a new one of a client.

    Its own oldest make room first: a client that asks again and again must not end what others were granted.
    """
    own = _newest_first({key: one for key, one in live.items() if one.client_id == client_id})
    others = _newest_first({key: one for key, one in live.items() if one.client_id != client_id})[: MOST_GRANTS - 1]
    room = min(MOST_GRANTS_OF_ONE_CLIENT, MOST_GRANTS - len(others)) - 1
    return {*own[:room], *others}


def _newest_first(kept: Mapping[str, Dated]) -> list[str]:
    return sorted(kept, key=lambda key: kept[key].at, reverse=True)
