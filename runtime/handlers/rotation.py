"""The rotation function: makes the signing key and renews it."""

from typing import Any

from runtime import telemetry
from runtime.handlers import ready
from runtime.rotation import rotate
from runtime.settings import log_level
from runtime.storage.signing_keys import SecretsManagerKeys

telemetry.configure(log_level())
ready()


def handler(event: dict[str, Any], _context: object) -> None:
    """Answer a step of Secrets Manager's rotation, or make the first key."""
    rotate(event, SecretsManagerKeys(event["SecretId"]))
