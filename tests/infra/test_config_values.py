"""Tests of values: which are allowed, and that an invalid one is refused by key, value and what is allowed."""

import json

import pytest

from tests.infra.configuration import load, refusal


@pytest.mark.parametrize(
    "url",
    ["https://mcp.example.com", "https://mcp.example.com:8443", "http://localhost:8080", "http://127.0.0.1"],
)
def test_public_urls_that_are_allowed(url: str) -> None:
    assert load({"edge": "external", "publicUrl": url}).public_url == url


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("edge", "cloudflare", "one of cloudfront, domain, external, none"),
        ("domainName", "https://mcp.example.com", "The host name"),
        ("domainName", "MCP.example.com", "in lower case"),
        ("domainName", "localhost", "The host name"),
        ("domainName", "mcp.example.com.", "The host name"),
        ("certificateArn", "arn:aws:iam::123456789012:server-certificate/x", "ACM certificate"),
        ("hostedZoneId", "example.com", "the Route 53 hosted zone"),
        ("truststoreUri", "https://bucket.s3.amazonaws.com/ca.pem", "s3://bucket/key"),
        ("waitForDistribution", "yes", "true or false"),
        ("edgeKeyGeneration", "0", "an integer from 1 to"),
        ("publicUrl", "http://mcp.example.com", "https://host"),
        ("publicUrl", "https://mcp.example.com/", "trailing slash"),
        ("publicUrl", "https://mcp.example.com/prod", "no path"),
        ("publicUrl", "https://mcp.example.com?x=1", "query"),
        ("publicUrl", "https://mcp.example.com#x", "fragment"),
        ("publicUrl", "https://user@mcp.example.com", "https://host"),
        ("publicUrl", "http://localhost.example.com", "http://localhost and http://127.0.0.1"),
        ("publicUrl", "", "https://host"),
        ("firewall", "on", "none: no firewall"),
        ("allowedCidrs", "192.0.2.0/24", "a JSON array in CIDR notation"),
        ("stageName", "a.b", "letters, digits, hyphens and underscores"),
        ("architecture", "arm", "one of arm64, x86_64"),
        ("pythonVersion", "3.10", "one of 3.11, 3.12, 3.13, 3.14"),
        ("memorySize", "64", "an integer from 128 to 10240"),
        ("memorySize", "lots", "an integer from 128 to 10240"),
        ("memorySize", "512.5", "an integer from 128 to 10240"),
        ("memorySize", "true", "an integer from 128 to 10240"),
        ("timeoutSeconds", "30", "an integer from 1 to 29"),
        ("workerTimeoutSeconds", "0", "an integer from 1 to 900"),
        ("workerTimeoutSeconds", "901", "an integer from 1 to 900"),
        ("logRetentionDays", "8", "one of 1, 3, 5, 7, 14"),
        ("logLevel", "info", "one of DEBUG, INFO, WARNING, ERROR"),
        ("pointInTimeRecovery", "yes", "true or false"),
        ("deletionProtection", "True", "true or false"),
        ("accessTokenLifetimeSeconds", "86401", "an integer from 60 to 86400"),
        ("refreshTokenDays", "0", "an integer from 1 to 3650"),
        ("refreshTokenIdleDays", "0", "an integer from 1 to 3650"),
        ("refreshTokenGraceSeconds", "-1", "an integer from 0 to 300"),
        ("refreshTokenGraceSeconds", "301", "an integer from 0 to 300"),
        ("authorizerCacheSeconds", "0", "an integer from 1 to 3600"),
        ("signingKeyRotationDays", "0", "an integer from 2 to 1000"),
        ("throttleRateLimit", "NaN", "a number from 1 to 100000"),
        ("throttleRateLimit", "-1", "a number from 1 to 100000"),
        ("throttleBurstLimit", "0", "an integer from 1 to 50000"),
        ("registration", "public", "one of open, token, closed"),
        ("maxRedirectUris", "101", "an integer from 1 to 100"),
        ("machineClients", "public", "one of open, token, closed"),
        ("machineScopes", "[]", "a JSON array of names in scopes"),
        ("machineScopes", "mcp", "a JSON array of names in scopes"),
        ("machineScopes", '["admin"]', "only names in scopes; not in scopes: admin"),
        ("privateUseSchemes", '["javascript"]', "a JSON array"),
        ("privateUseSchemes", '["com.example"]', "a JSON array"),
        ("privateUseSchemes", '["Cursor"]', "a JSON array"),
        ("unusedClientDays", "1", "an integer from 2 to 3650"),
        ("clientSecretDays", "0", "an integer from 1 to 3650"),
        ("scopes", "{}", "at least one"),
        ("scopes", "mcp", "a JSON object that maps each name"),
        ("scopes", '{"m\'cp": "x"}', "letters, digits and"),
        ("scopes", '{"a b": "x"}', "letters, digits and"),
        ("scopes", '{"offline_access": "x"}', "is not offline_access"),
        ("softwareStatementIssuers", '["https://a.example"]', "a JSON object that maps an issuer"),
        ("softwareStatementIssuers", '{"https://a.example": "http://a.example/keys"}', "the https URL of one"),
        ("softwareStatementIssuers", '{"https://a.example": {"keys": []}}', "a JSON Web Key Set"),
        ("softwareStatementIssuers", '{"https://a.example": {"keys": [{"kty": "oct"}]}}', "a JSON Web Key Set"),
        (
            "softwareStatementIssuers",
            '{"https://a.example": {"keys": [{"kty": "EC", "d": "x"}]}}',
            "a JSON Web Key Set",
        ),
        ("clientIdMetadataDocuments", "*", "A JSON array"),
        ("clientIdMetadataDocuments", '["https://a.example"]', "A JSON array"),
        ("clientIdMetadataDocuments", '["A.example"]', "A JSON array"),
        ("clientIdMetadataDocuments", '["localhost"]', "A JSON array"),
        ("baseScope", "admin", "one of the names in scopes: mcp"),
        ("challengeScopes", "[]", "a JSON array of names in scopes"),
        ("challengeScopes", '["mcp", "admin"]', "only names in scopes; not in scopes: admin"),
        ("serverTitle", "a\tb", "1 to 64 characters"),
        ("serverTitle", "x" * 65, "1 to 64 characters"),
        ("websiteUrl", "http://example.com", "https URL"),
        ("documentationUrl", "https://example.com/a b", "https URL"),
        ("policyUrl", 'https://example.com/"x', "https URL"),
        ("termsUrl", "javascript:alert(1)", "https URL"),
        ("logo", "../logo.png", "the path of a PNG, WebP or SVG file"),
        ("logo", "/etc/passwd", "the path of a PNG, WebP or SVG file"),
        ("logo", "nowhere.png", "there is no such file"),
        ("logo", "README.md", "its content is none of them"),
        ("scopeImplies", '{"mcp": "mcp:read"}', "a JSON object that maps a name to an array"),
        ("scopeImplies", '{"mcp": ["mcp:read"]}', "only names in scopes; not in scopes: mcp:read"),
        ("scopeImplies", '{"mcp:all": ["mcp"]}', "only names in scopes; not in scopes: mcp:all"),
        ("scopeImplies", '{"mcp": ["mcp"]}', "no cycles; scopes that imply themselves: mcp"),
        ("allowedOrigins", '["null"]', "a JSON array"),
        ("allowedOrigins", '["https://a.example/"]', "scheme://host[:port]"),
        ("allowedOrigins", "https://a.example", "a JSON array"),
        ("serverName", "", "1 to 64"),
        ("appModule", "", "a dotted path"),
        ("appModule", "runtime/app", "a dotted path"),
        ("appModule", "runtime.app.", "a dotted path"),
        ("appModule", "1.app", "a dotted path"),
        ("appModule", "nowhere.app", "the dotted path of a module"),
        ("appModule", "schemas", "the dotted path of a module"),
        ("alarmEmail", "nobody", "e-mail address"),
        ("alarmTopicArn", "alarms", "The ARN of an existing SNS topic"),
        ("alarmTopicArn", "arn:aws:sns:eu-central-1:123456789012:alarms.fifo", "The ARN of an existing SNS topic"),
        ("monitoring", "none", "one of basic, full"),
        ("durationAlarmMilliseconds", "0", "an integer from 1 to 29000"),
        ("authorizerDenialsAlarm", "0", "an integer from 1 to"),
        ("manageApiGatewayAccount", "maybe", "true or false"),
        ("tracing", "Active", "true or false"),
        ("permissionsBoundary", "limits", "The ARN of the IAM policy"),
        ("permissionsBoundary", "arn:aws:iam::123456789012:role/limits", "The ARN of the IAM policy"),
        ("rolePath", "teams", "starts and ends with a slash"),
        ("rolePath", "/teams", "starts and ends with a slash"),
        ("rolePath", "/te ams/", "starts and ends with a slash"),
        ("reservedConcurrency", "5", "a JSON object"),
        ("provisionedConcurrency", "5", "a JSON object"),
        ("release", "blue-green", "one of all-at-once, canary"),
        ("upstream", '"https://idp.example"', "a JSON object"),
        ("upstream", "[]", "a JSON object"),
        ("tags", '{"cost": 42}', "quote numbers"),
        ("tags", '{"aws:x": "y"}', "No name starts with aws:"),
    ],
)
def test_a_bad_value_is_refused_by_key_value_and_what_is_allowed(key: str, value: str, allowed: str) -> None:
    message = refusal({key: value})
    assert f"{key} is " in message
    assert value in message or json.dumps(value) in message
    assert allowed in message.partition(f"{key} is ")[2].partition("allowed: ")[2]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('{"mcp": -1}', "reservedConcurrency.mcp is -1; allowed: an integer from 0 to 100000"),
        ('{"mcp": "many"}', 'reservedConcurrency.mcp is "many"; allowed: an integer from 0 to 100000'),
        ('{"rotation": 0}', "reservedConcurrency.rotation is 0; allowed: an integer from 1 to 100000"),
        ('{"api": 1}', "reservedConcurrency.api is set, but there is no such member; allowed members: authorizer, mcp"),
    ],
)
def test_concurrency_is_reserved_for_functions_that_exist(value: str, said: str) -> None:
    assert said in refusal({"reservedConcurrency": value})


def test_all_bad_values_are_reported_at_once() -> None:
    message = refusal({"memorySize": "1", "logLevel": "loud"})
    assert "memorySize is 1;" in message
    assert 'logLevel is "loud";' in message
