"""Another value for each key of the configuration, to preview what a change of it does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local.program import ROOT

RULES: Mapping[str, dict[str, Any]] = json.loads((ROOT / "schemas" / "stack-config.json").read_bytes())["properties"]

_DOMAIN = {
    "domainName": "mcp.example.com",
    "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000",
}
_REGIONAL = _DOMAIN | {"certificateArn": _DOMAIN["certificateArn"].replace("us-east-1", "eu-central-1")}
_SCOPES = {"scopes": {"mcp": "Use it", "more": "Use more"}}
# With scopes that the challenge does not name.
_MORE_SCOPES = {**_SCOPES, "challengeScopes": ["mcp"]}
_NEEDS = {"appNeeds": "tests/engine/needs.py", "appConfig": {"greeting": "Hello"}}

# Where the schema does not tell another value. Some keys need others beside them.
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "alarmEmail": {"alarmEmail": "ops@example.com"},
    "alarmTopicArn": {"alarmTopicArn": "arn:aws:sns:eu-central-1:123456789012:alarms"},
    "allowedCidrs": {"allowedCidrs": ["192.0.2.0/24"]},
    "allowedOrigins": {"allowedOrigins": ["https://app.example.com"]},
    "appConfig": _NEEDS,
    "appDirectory": {"appDirectory": "tests/conformance/app"},
    "appModule": {"appModule": "tests.support.example_app"},
    "appNeeds": _NEEDS,
    "baseScope": {**_MORE_SCOPES, "baseScope": "more"},
    "certificateArn": _DOMAIN,
    "challengeScopes": {**_SCOPES, "challengeScopes": ["more"]},
    "clientIdMetadataDocuments": {"clientIdMetadataDocuments": ["client.example.com"]},
    "clientSecretDays": {"clientSecretDays": 365},
    "documentationUrl": {"documentationUrl": "https://docs.example.com"},
    "domainName": _DOMAIN,
    "edge": {"edge": "none"},
    "firewall": {"firewall": "none"},
    "hostedZoneId": {**_DOMAIN, "hostedZoneId": "Z0123456789ABC"},
    "kmsKey": {"kmsKey": "none"},
    "logDestinationArn": {
        "logDestinationArn": "arn:aws:logs:eu-central-1:123456789012:destination:organisation",
    },
    "logo": {"logo": "tests/infra/logo.svg"},
    "logRetentionDays": {"logRetentionDays": 30},
    "machineClients": {"machineClients": "token"},
    "machineScopes": {**_MORE_SCOPES, "machineScopes": ["more"]},
    "permissionsBoundary": {"permissionsBoundary": "arn:aws:iam::123456789012:policy/boundary"},
    "policyUrl": {"policyUrl": "https://example.com/policy"},
    "privateUseSchemes": {"privateUseSchemes": ["cursor"]},
    "provisionedConcurrency": {"provisionedConcurrency": {"mcp": 1}},
    "publicUrl": {"edge": "external", "publicUrl": "https://mcp.example.com", "firewall": "none"},
    "reservedConcurrency": {"reservedConcurrency": {"mcp": 10}},
    "rolePath": {"rolePath": "/teams/platform/"},
    "scopeImplies": {**_MORE_SCOPES, "scopeImplies": {"more": ["mcp"]}},
    "scopes": _SCOPES,
    "serverName": {"serverName": "tools"},
    "serverTitle": {"serverTitle": "Tools"},
    "softwareStatementIssuers": {
        "softwareStatementIssuers": {"https://vouches.example": "https://vouches.example/keys"}
    },
    "stageName": {"stageName": "other"},
    "tags": {"tags": {"environment": "prod", "team": "platform"}},
    "termsUrl": {"termsUrl": "https://example.com/terms"},
    "truststoreUri": {**_REGIONAL, "edge": "domain", "truststoreUri": "s3://example/truststore.pem"},
    "upstream": {"upstream": {"issuer": "https://idp.example.com", "clientId": "remote-mcp"}},
    "websiteUrl": {"websiteUrl": "https://example.com"},
}


# What only the functions read. These are previewed all at once, which takes seconds instead of minutes: what they do
# together, each of them does at most.
OF_FUNCTIONS = (
    "accessTokenLifetimeSeconds",
    "allowedOrigins",
    "appConfig",
    "appDirectory",
    "appModule",
    "appNeeds",
    "baseScope",
    "clientIdMetadataDocuments",
    "clientSecretDays",
    "documentationUrl",
    "failedAuthenticationsPerMinute",
    "logLevel",
    "logo",
    "machineClients",
    "machineScopes",
    "maxRedirectUris",
    "memorySize",
    "packageBoto3",
    "policyUrl",
    "privateUseSchemes",
    "refreshTokenDays",
    "refreshTokenGraceSeconds",
    "refreshTokenIdleDays",
    "registration",
    "reservedConcurrency",
    "scopeImplies",
    "serverName",
    "serverTitle",
    "softwareStatementIssuers",
    "termsUrl",
    "timeoutSeconds",
    "unusedClientDays",
    "websiteUrl",
)
# The Python that runs the program is the one that the functions get, so a test cannot change it. Who moves the aliases
# changes no resource.
FIXED = ("pythonVersion", "release")
# Which keys are previewed at once.
GROUPS = (OF_FUNCTIONS, *((key,) for key in RULES if key not in {*OF_FUNCTIONS, *FIXED}))


def sample(keys: Sequence[str], current: Mapping[str, Any], more: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return settings in which ``keys`` have other values than in ``current``. Raise LookupError if none is known.

    ``more`` are samples that name resources of the emulator.
    """
    settings: dict[str, Any] = {}
    samples = {**SAMPLES, **more}
    for key in keys:
        settings |= samples[key] if key in samples else {key: _another(key, current.get(key, RULES[key]["default"]))}
    return settings


def _another(key: str, value: Any) -> Any:
    rule = RULES[key]
    choices = [choice for choice in rule.get("enum", []) if choice not in {value, None}]
    if choices:
        return choices[0]
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1 if value < rule.get("maximum", float("inf")) else value - 1
    raise LookupError(f"name another value for {key} in tests/engine/samples.py")
