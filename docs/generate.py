"""Write `docs/configuration.md` from `schemas/stack-config.json`: ``make docs``."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schemas" / "stack-config.json"
PAGE = ROOT / "docs" / "configuration.md"

INTRODUCTION = """\
# Configure

Set a key with `pulumi config set KEY VALUE`, or write it into `Pulumi.<stack>.yaml` as `remote-mcp:KEY`. Arrays and
objects are JSON. If a value is not allowed, `pulumi up` stops before it changes anything. The message names the key and
what is allowed. [schemas/stack-config.json](../schemas/stack-config.json) holds every rule; this page is made
from it by `make docs`.

`make up` reads `Pulumi.dev.yaml` too. It sets `publicUrl` and `architecture` to fit your machine.
"""

# Every key has its place under one question. A key without a place is an error.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "At which URL does the server answer?": ("publicUrl", "stageName", "allowedOrigins"),
    "What does it serve?": ("serverName", "appModule"),
    "Who can sign in?": ("upstream",),
    "Who can register a client?": (
        "registration",
        "machineClients",
        "machineScopes",
        "privateUseSchemes",
        "clientIdMetadataDocuments",
        "softwareStatementIssuers",
        "maxRedirectUris",
        "unusedClientDays",
        "clientSecretDays",
    ),
    "What can a token do, and how long does it last?": (
        "scopes",
        "scopeImplies",
        "baseScope",
        "accessTokenLifetimeSeconds",
        "refreshTokenDays",
        "refreshTokenIdleDays",
        "refreshTokenGraceSeconds",
        "authorizerCacheSeconds",
        "signingKeyRotationDays",
    ),
    "How much is too much?": (
        "registrationsPerHour",
        "failedAuthenticationsPerMinute",
        "authorizationsPerMinute",
        "throttleRateLimit",
        "throttleBurstLimit",
    ),
    "What do the functions run on?": (
        "architecture",
        "memorySize",
        "timeoutSeconds",
        "workerTimeoutSeconds",
        "packageBoto3",
    ),
    "What is recorded, and who is told?": (
        "logLevel",
        "logRetentionDays",
        "auditRetentionDays",
        "alarmEmail",
        "durationAlarmMilliseconds",
        "authorizerDenialsAlarm",
        "manageApiGatewayAccount",
    ),
    "What protects the data, and how are resources labelled?": (
        "pointInTimeRecovery",
        "deletionProtection",
        "tags",
    ),
}


def configuration_page() -> str:
    """Return the whole page. Raises ``ValueError`` for a key that has no place, or a place that has no key."""
    properties: dict[str, Any] = json.loads(SCHEMA.read_text())["properties"]
    placed = [key for keys in QUESTIONS.values() for key in keys]
    if sorted(placed) != sorted(properties):
        raise ValueError(f"give each key one place: {sorted(set(placed) ^ set(properties))}")
    parts = [INTRODUCTION]
    for question, keys in QUESTIONS.items():
        parts.append(f"## {question}\n")
        parts.append(_table("key", {key: properties[key] for key in keys}))
        for key in keys:
            if members := properties[key].get("properties"):
                parts.append(f"### The members of `{key}`\n")
                parts.append(_table("member", members))
    return "\n".join(parts)


def _table(heading: str, rules: dict[str, Any]) -> str:
    rows = [f"| {heading} | default | meaning |", "| --- | --- | --- |"]
    rows += [f"| `{key}` | {_default(rule)} | {rule['description']} |" for key, rule in rules.items()]
    return "\n".join(rows) + "\n"


def _default(rule: dict[str, Any]) -> str:
    if "default" not in rule:
        return "required"
    return "not set" if rule["default"] is None else f"`{json.dumps(rule['default'])}`"


if __name__ == "__main__":
    PAGE.write_text(configuration_page())
