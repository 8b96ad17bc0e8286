"""The two requests that are measured, as API Gateway hands them to the function, and how their answers are checked."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MANY_TOOLS = 500
# The newest revision that all of them answer without a session.
REVISION = "2025-11-25"


@dataclass(frozen=True)
class Call:
    """A request, how many tools its server has, and what its result must satisfy."""

    name: str
    method: str
    params: Mapping[str, Any]
    tools: int
    is_right: Callable[[Mapping[str, Any]], bool]

    def event(self) -> dict[str, Any]:
        """The REST API proxy event, with what the authorizer says of the caller."""
        return _event({"jsonrpc": "2.0", "id": 1, "method": self.method, "params": self.params})

    def check(self, answer: Mapping[str, Any], server: str) -> None:
        """Raise ``RuntimeError`` for an answer that is not the right one."""
        message = json.loads(answer["body"]) if answer["statusCode"] == 200 else {}
        if not self.is_right(message.get("result", {})) or message.get("id") != 1:
            raise RuntimeError(f"{server} answered {self.method} with {str(answer)[:2000]}")


def _event(message: Mapping[str, Any]) -> dict[str, Any]:
    headers = {
        "Accept": "application/json, text/event-stream",
        "Authorization": f"Bearer {'x' * 400}",
        "Content-Type": "application/json",
        "Host": "mcp.example.com",
        "MCP-Protocol-Version": REVISION,
        "User-Agent": "benchmark",
        "X-Amzn-Trace-Id": "Root=1-00000000-000000000000000000000000",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    signer_key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    return {
        "resource": "/mcp",
        "path": "/mcp",
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "8f2c3a2e-0000-4000-8000-000000000000",
            "resourcePath": "/mcp",
            "httpMethod": "POST",
            "path": "/prod/mcp",
            "stage": "prod",
            "domainName": "mcp.example.com",
            "identity": {"sourceIp": "203.0.113.9", "userAgent": "benchmark"},
            "authorizer": {"clientId": "client-1", "subject": "client-1", "scope": "mcp", "sealKeys": signer_key},
        },
        "body": json.dumps(message),
        "isBase64Encoded": False,
    }


def _is_five(result: Mapping[str, Any]) -> bool:
    return not result.get("isError") and [block.get("text") for block in result.get("content", ())] == ["5"]


def _is_all(result: Mapping[str, Any]) -> bool:
    return len(result.get("tools", ())) == MANY_TOOLS


ADD = Call("add", "tools/call", {"name": "add", "arguments": {"a": 2, "b": 3}}, 1, _is_five)
LIST = Call("list", "tools/list", {}, MANY_TOOLS, _is_all)
