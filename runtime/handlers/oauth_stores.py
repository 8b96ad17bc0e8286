"""The stores of the authorization server on AWS."""

import time

from runtime.oauth.stores import Stores
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations


def oauth_stores(table_name: str, audit_log_group: str) -> Stores:
    """The stores on a table, and the audit log."""
    return Stores(
        DynamoDBClients(table_name, time.time),
        DynamoDBOneTimeIds(table_name),
        DynamoDBRevocations(table_name),
        DynamoDBInitialTokens(table_name),
        DynamoDBCounters(table_name),
        DynamoDBGrants(table_name, time.time),
        CloudWatchAuditLog(audit_log_group, time.time),
    )
