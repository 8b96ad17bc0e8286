"""The stacks that most tests use."""

import asyncio

import pytest

from tests.infra.recorder import LOOP, Stack, run_program


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Set an event loop before any fixture runs: Pulumi needs one, and asyncio.run removes it."""
    asyncio.set_event_loop(LOOP)


@pytest.fixture(scope="session")
def stack() -> Stack:
    """Return the stack ``dev`` with the default configuration."""
    return run_program()


@pytest.fixture(scope="session")
def custom_stack() -> Stack:
    """Return the stack ``prod`` with its own domain and as many settings as possible."""
    return run_program(
        {
            "edge": "external",
            "publicUrl": "https://mcp.example.com",
            "scopes": '{"mcp:read": "Read", "mcp:write": "Write"}',
            "scopeImplies": '{"mcp:write": ["mcp:read"]}',
            "baseScope": "mcp:write",
            "challengeScopes": '["mcp:read"]',
            "serverTitle": "Example's tools",
            "websiteUrl": "https://example.com/mcp",
            "documentationUrl": "https://docs.example.com/mcp",
            "policyUrl": "https://example.com/privacy",
            "termsUrl": "https://example.com/terms",
            "logo": "tests/infra/logo.svg",
            "deletionProtection": "true",
            "kmsKey": "create",
            "trail": "true",
            "logDestinationArn": "arn:aws:firehose:eu-central-1:123456789012:deliverystream/siem",
            "pointInTimeRecovery": "false",
            "architecture": "x86_64",
            "memorySize": "1024",
            "timeoutSeconds": "20",
            "workerTimeoutSeconds": "300",
            "logRetentionDays": "90",
            "auditRetentionDays": "731",
            "logLevel": "WARNING",
            "signingKeyRotationDays": "7",
            "authorizerCacheSeconds": "300",
            "throttleRateLimit": "12.5",
            "throttleBurstLimit": "25",
            "alarmEmail": "ops@example.com",
            "monitoring": "full",
            "durationAlarmMilliseconds": "750",
            "authorizerDenialsAlarm": "5",
            "tracing": "true",
            "manageApiGatewayAccount": "true",
            "permissionsBoundary": "arn:aws:iam::123456789012:policy/teams/limits",
            "rolePath": "/teams/mcp/",
            "reservedConcurrency": '{"mcp": 50, "worker": 0, "rotation": 1}',
            "provisionedConcurrency": '{"mcp": 5, "authorizer": 2}',
            "registration": "token",
            "machineClients": "closed",
            "machineScopes": '["mcp:read"]',
            "privateUseSchemes": '["cursor"]',
            "maxRedirectUris": "5",
            "unusedClientDays": "30",
            "clientSecretDays": "365",
            "registrationsPerHour": "600",
            "failedAuthenticationsPerMinute": "10",
            "authorizationsPerMinute": "30",
            "upstream": '{"issuer": "https://idp.example.com", "clientId": "remote-mcp"}',
            "softwareStatementIssuers": '{"https://vouches.example": "https://vouches.example/keys"}',
            "clientIdMetadataDocuments": '["client.example.com"]',
            "allowedOrigins": '["https://app.example.com"]',
            "appModule": "tests.e2e.tasks_app",
            "packageBoto3": "true",
            "tags": '{"team": "platform"}',
        },
        stack="prod",
    )
