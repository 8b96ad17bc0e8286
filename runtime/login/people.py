"""What a person has approved and granted: deciding what is kept of it."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from runtime.login.request import AuthorizationRequest
from runtime.storage.login_records import Consent, GivenGrant, PersonChange, PersonRecord
from runtime.storage.records import Grant

# A person's item has room for some hundreds; whoever comes near that has clients that never use what they are given.
MOST_CONSENTS = MOST_GRANTS = 100

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
    return consent is not None and request.scopes <= set(consent.scope.split())


def with_grant(person: PersonRecord, grant: Grant, now: int) -> PersonChange:
    """A new grant and the consent it rests on, which adds to the earlier one; what has lapsed or is too much goes.

    With the end of the last grant, what is kept of the person is over too.
    """
    current = person if person.expires_at > now else PersonRecord()
    before = current.consents.get(grant.client_id)
    scope = " ".join(dict.fromkeys([*(before.scope.split() if before else ()), *grant.scope.split()]))
    consents = {grant.client_id: Consent(scope, grant.client_name, now)}
    ends = grant.absolute_expires_at
    grants = {grant.grant_id: GivenGrant(grant.client_id, grant.client_name, grant.scope, now, ends)}
    live = {key: given for key, given in current.grants.items() if given.expires > now}
    return PersonChange(
        consents=consents,
        grants=grants,
        without_consents=person.consents.keys() - _newest(current.consents, consents, MOST_CONSENTS),
        without_grants=person.grants.keys() - _newest(live, grants, MOST_GRANTS),
        expires_at=max(ends, current.expires_at),
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
    scopes = dict.fromkeys(scope for one in given for scope in one.scope.split())
    return Access(client_id, latest.client_name, tuple(scopes), min(one.at for one in given), latest.at, tuple(own))


def _newest(kept: Mapping[str, Dated], added: Mapping[str, Dated], most: int) -> set[str]:
    """The keys of what stays beside what is added, the oldest left out where it becomes too much."""
    others = {key: one.at for key, one in kept.items() if key not in added}
    latest_first: list[str] = sorted(others, key=others.__getitem__, reverse=True)
    return {*latest_first[: most - len(added)], *added}
