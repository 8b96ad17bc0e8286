"""What DynamoDB holds about an access token."""

from collections.abc import Callable

from runtime.prefixes import CLIENTS, GRANTS, REVOKED
from runtime.records.oauth import TokenStatus
from runtime.storage.clients import is_disabled, read_client
from runtime.storage.cutoff import get_with_cutoff
from runtime.storage.grants import read_grant
from runtime.storage.table import Table


class DynamoDBTokenStatus:
    """A ``TokenStatusStore`` on the items of clients, grants and revocations, and on the cutoff.

    ``clock`` reads seconds since the epoch. ``identity_provider`` is the issuer of the provider.
    """

    def __init__(self, table: Table, clock: Callable[[], float], identity_provider: str | None = None) -> None:
        self._table = table
        self._clock = clock
        self._identity_provider = identity_provider

    def get(self, token_id: str, client_id: str, grant_id: str | None) -> TokenStatus:
        """Return the status of a token, in one round trip. The ids are those of a token that verifies."""
        client, revocation, grant = f"{CLIENTS}{client_id}", f"{REVOKED}{token_id}", f"{GRANTS}{grant_id}"
        pks = [client, revocation] + ([grant] if grant_id is not None else [])
        items, cutoff = get_with_cutoff(self._table, pks, "get token status")
        now = self._clock()
        return TokenStatus(
            client=read_client(items.get(client), now),
            is_client_disabled=is_disabled(items.get(client)),
            grant=read_grant(items.get(grant), self._identity_provider, now, cutoff),
            is_revoked=revocation in items,
            issued_before=cutoff,
        )
