"""Requests to the authorizer, and what they are about."""

from typing import Any

from runtime.records.oauth import Client, Grant
from runtime.tokens.authorizer import Authorizer
from tests.unit.conftest import NOW

ARN = "arn:aws:execute-api:eu-central-1:123456789012:abcdef/dev/POST/mcp"
CLIENT = Client("c" * 32, "hash", "hash", {"scope": "mcp"}, False, NOW)
GRANT = Grant(
    grant_id="g",
    client_id=CLIENT.client_id,
    client_name="An editor",
    subject="s",
    scope="mcp",
    resource="https://mcp.example.com/mcp",
    redirect_uri="https://app.example.com/",
    code_challenge="x" * 43,
    code_hash="hash",
    code_expires_at=NOW + 60,
    created_at=NOW,
    absolute_expires_at=NOW + 600,
    expires_at=NOW + 600,
)


def ask(authorizer: Authorizer, authorization: str | None, **headers: str) -> dict[str, Any]:
    headers |= {"Authorization": authorization} if authorization is not None else {}
    context = {"requestId": "r", "identity": {"sourceIp": "203.0.113.9"}}
    return authorizer.authorize({"methodArn": ARN, "headers": headers, "requestContext": context})


def effect(policy: dict[str, Any]) -> str:
    return str(policy["policyDocument"]["Statement"][0]["Effect"])
