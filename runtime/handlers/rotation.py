"""The rotation function: creates and rotates the signing key."""

import time
from typing import Any

from runtime.environment import audit_log_group, log_level
from runtime.handlers import enable_garbage_collector
from runtime.http import telemetry
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.tokens.rotation import rotate_patiently

telemetry.configure(log_level())
audit = CloudWatchAuditLog(audit_log_group(), time.time)
enable_garbage_collector()


def handler(event: dict[str, Any], _context: object) -> None:
    """Run one step of a Secrets Manager rotation, or create the first key."""
    rotate_patiently(event, SecretsManagerKeys(event["SecretId"]), audit, time.sleep)
