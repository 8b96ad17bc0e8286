"""The rotation function: makes the signing key and renews it."""

import time
from typing import Any

from runtime.handlers import ready
from runtime.http import telemetry
from runtime.settings import audit_log_group, log_level
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.tokens.rotation import rotate

telemetry.configure(log_level())
audit = CloudWatchAuditLog(audit_log_group(), time.time)
ready()


def handler(event: dict[str, Any], _context: object) -> None:
    """Answer a step of Secrets Manager's rotation, or make the first key."""
    rotate(event, SecretsManagerKeys(event["SecretId"]), audit)
