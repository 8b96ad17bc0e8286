"""The stores of the authorization server on AWS."""

from collections.abc import Callable

from runtime.environment import audit_log_group
from runtime.oauth.stores import Stores
from runtime.prefixes import CLIENT_DOCUMENTS, CLIENT_KEYS
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations
from runtime.storage.table import Table


def stores(table: Table, identity_provider: str | None, clock: Callable[[], float]) -> Stores:
    """Return the stores on a table, and the audit log.

    ``identity_provider`` is the issuer of the identity provider, if any. ``clock`` reads seconds since the epoch.
    """
    return Stores(
        DynamoDBClients(table, clock),
        DynamoDBOneTimeIds(table),
        DynamoDBRevocations(table),
        DynamoDBInitialTokens(table),
        DynamoDBCounters(table),
        DynamoDBGrants(table, clock, identity_provider),
        CloudWatchAuditLog(audit_log_group(), clock),
        DynamoDBFetched(table, CLIENT_KEYS),
        DynamoDBFetched(table, CLIENT_DOCUMENTS),
    )
