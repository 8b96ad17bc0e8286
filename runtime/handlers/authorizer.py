"""The authorizer function: allows a request to the MCP endpoint if its access token is valid."""

import functools
import time
from typing import Any

from runtime.environment import audit_log_group, authorizer_settings
from runtime.handlers import enable_garbage_collector
from runtime.http import telemetry
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.storage.table import DynamoDBTable
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing

settings = authorizer_settings()
telemetry.configure(settings.log_level)
keys = KeyRing(SecretsManagerKeys(settings.signing_key_arn), time.time)
tokens = Tokens(settings.issuer, settings.resource, keys, time.time, settings.authorizer_cache_seconds)
statuses = DynamoDBTokenStatus(DynamoDBTable(settings.table_name), time.time, settings.identity_provider)
# Created at the first denial, so that allowed requests do not wait for a client of CloudWatch Logs.
audit = functools.cache(functools.partial(CloudWatchAuditLog, audit_log_group(), time.time))
authorizer = Authorizer(tokens, keys, statuses, settings, Denials(audit, time.time))
enable_garbage_collector()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer an API Gateway REQUEST authorizer event."""
    return authorizer.authorize(event)
