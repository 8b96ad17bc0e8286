"""The environment of the functions, as the program sets it for a stack with logins."""

import json
from collections.abc import Mapping

from tests.support.login import PROVIDER
from tests.unit.conftest import CHALLENGE, PUBLIC_URL

AUDIT = "audit"


def environment(signing_key_arn: str) -> Mapping[str, str]:
    """Return the variables of all functions together."""
    return {
        "AUDIT_LOG_GROUP": AUDIT,
        "PUBLIC_URL": PUBLIC_URL,
        "CLIENT_ADDRESS": "forwarded",
        "TABLE_NAME": "table",
        "SIGNING_KEY_ARN": signing_key_arn,
        "SCOPE_IMPLIES": "{}",
        "IDENTITY_PROVIDER": json.dumps(PROVIDER),
        "AUTHORIZER_CACHE_SECONDS": "60",
        "SCOPES": json.dumps({"mcp": "Use the tools"}),
        "MAX_REDIRECT_URIS": "20",
        "PRIVATE_USE_SCHEMES": "[]",
        "CLIENT_ID_METADATA_DOCUMENTS": "[]",
        "FAILED_AUTHENTICATIONS_PER_MINUTE": "20",
        "ABOUT": "{}",
        "ACCESS_TOKEN_LIFETIME": "3600",
        "REFRESH_TOKEN_DAYS": "90",
        "REGISTRATION": "open",
        "MACHINE_CLIENTS": "open",
        "MACHINE_SCOPES": json.dumps(["mcp"]),
        "UNUSED_CLIENT_DAYS": "90",
        "CLIENT_SECRET_DAYS": "null",
        "REGISTRATIONS_PER_HOUR": "10000",
        "INTERACTIVE": "true",
        "REFRESH_TOKEN_IDLE_DAYS": "14",
        "REFRESH_TOKEN_GRACE_SECONDS": "60",
        "SOFTWARE_STATEMENT_ISSUERS": "{}",
        "AUTHORIZATIONS_PER_MINUTE": "60",
        "CHALLENGE": CHALLENGE,
        "EDGE_KEY_HASHES": "[]",
        "SERVER_NAME": "remote-mcp",
        "ALLOWED_ORIGINS": "[]",
        "WORKER_NAME": "worker",
        "WORKER_SECONDS": "900",
        "APP_MODULE": "tests.e2e.tasks_app",
    }
