"""Write the documents that are made from schemas, resources and rules (``make docs``)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from docs.component_arguments import MODULE, arguments_module
from docs.deployer.policy import write_policies
from docs.licence_list import PAGE as LICENCES
from docs.licence_list import licences_page
from docs.policy_table import PAGE as POLICY
from docs.policy_table import policy_page

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schemas" / "stack-config.json"
PAGE = ROOT / "docs" / "configuration.md"

INTRODUCTION = """\
# Configure

Set a key with `pulumi config set KEY VALUE`, or write it into `Pulumi.<stack>.yaml`. With
`pulumi config set`, write arrays and objects as JSON; in the file, YAML works too. A member of an object that this page
lists is a key, too, with or without `--path`: `pulumi config set upstream.issuer ISSUER`. If a value is not allowed,
`pulumi up` stops before it changes anything, and the message names the key and the allowed values.
[schemas/stack-config.json](../schemas/stack-config.json) contains every rule; `make docs` generates this page from it.

`make up` reads `Pulumi.dev.yaml` too. It sets `edge`, `publicUrl`, `architecture` and `pythonVersion` to match your
machine, `machineClients` to `open` unless the file sets it, and `upstream` to a local identity provider if the file
sets none.
"""

# Each key belongs to exactly one question.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "At which URL does the server answer?": (
        "edge",
        "publicUrl",
        "domainName",
        "certificateArn",
        "hostedZoneId",
        "truststoreUri",
        "waitForDistribution",
        "edgeKeyGeneration",
        "stageName",
        "allowedOrigins",
    ),
    "Who can connect, and what stops an attack?": ("firewall", "allowedCidrs"),
    "What does it serve?": (
        "serverName",
        "serverTitle",
        "websiteUrl",
        "documentationUrl",
        "policyUrl",
        "termsUrl",
        "logo",
        "appModule",
        "appDirectory",
        "appNeeds",
        "appConfig",
    ),
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
        "challengeScopes",
        "accessTokenLifetimeSeconds",
        "refreshTokenDays",
        "refreshTokenIdleDays",
        "refreshTokenGraceSeconds",
        "authorizerCacheSeconds",
        "signingKeyRotationDays",
    ),
    "What are the rate limits?": (
        "registrationsPerHour",
        "failedAuthenticationsPerMinute",
        "authorizationsPerMinute",
        "throttleRateLimit",
        "throttleBurstLimit",
    ),
    "What do the functions run on, and how are they released?": (
        "architecture",
        "pythonVersion",
        "memorySize",
        "timeoutSeconds",
        "workerTimeoutSeconds",
        "packageBoto3",
        "reservedConcurrency",
        "provisionedConcurrency",
        "release",
    ),
    "What is logged, and who gets alarms?": (
        "logLevel",
        "logRetentionDays",
        "auditRetentionDays",
        "logDestinationArn",
        "alarmEmail",
        "alarmTopicArn",
        "monitoring",
        "durationAlarmMilliseconds",
        "authorizerDenialsAlarm",
        "tracing",
        "manageApiGatewayAccount",
    ),
    "How is the data protected, and how are resources tagged?": (
        "pointInTimeRecovery",
        "deletionProtection",
        "kmsKey",
        "trail",
        "existingTable",
        "existingSigningKey",
        "existingUpstreamSecret",
        "permissionsBoundary",
        "rolePath",
        "tags",
    ),
}


def configuration_page() -> str:
    """Return the whole page. Raise ``ValueError`` if the questions and the schema do not have the same keys."""
    properties: dict[str, Any] = json.loads(SCHEMA.read_text())["properties"]
    placed = [key for keys in QUESTIONS.values() for key in keys]
    if sorted(placed) != sorted(properties):
        raise ValueError(f"put each key under one question: {sorted(set(placed) ^ set(properties))}")
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
    MODULE.write_text(arguments_module())
    # The package has the arguments that were just written.
    subprocess.run([sys.executable, "-m", "docs.package_schema"], cwd=ROOT, check=True)
    LICENCES.write_text(licences_page())
    POLICY.write_text(policy_page())
    write_policies()
