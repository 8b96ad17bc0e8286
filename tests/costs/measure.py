"""What each activity of clients and users does: requests, reads, writes, lines of logs, events of the audit log."""

import json
from typing import Any

from components.api import ACCESS_LOG
from tests.costs.functions import REQUEST_ID, Functions, functions
from tests.costs.meter import EVENT_BYTES
from tests.support.login import (
    PUBLIC,
    VERIFIER,
    WEBSITE,
    Browser,
    approve,
    asking,
    come_back,
    forward_url,
    redirect_parameters,
)
from tests.unit.conftest import basic

ARN = "arn:aws:execute-api:eu-central-1:123456789012:abcdef/dev/POST/mcp"
LASTING = {**PUBLIC, "grant_types": ["authorization_code", "refresh_token"]}
MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}
TASKS: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
BOTH = "application/json, text/event-stream"
METADATA = ("/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server")
# What API Gateway fills into a line of the access log for a call.
CONTEXT = {
    "requestId": REQUEST_ID,
    "requestTime": "27/Nov/2026:20:39:28 +0000",
    "identity.sourceIp": "130.176.100.100",
    "identity.userAgent": "Amazon CloudFront",
    "httpMethod": "POST",
    "resourcePath": "/mcp",
    "status": "200",
    "error.responseType": "-",
    "authorizer.clientId": "c" * 32,
    "authorizer.subject": "s" * 36,
    "responseLength": "2048",
    "responseLatency": "120",
    "integrationLatency": "115",
    "xrayTraceId": "-",
}
# The lines that Lambda itself writes for an invocation with the log format JSON and the system log level INFO.
PLATFORM = (
    {"time": "2026-11-27T20:39:28.046000+00:00", "type": "platform.start", "record": {"requestId": REQUEST_ID}}
    | {"version": "12"},
    {
        "time": "2026-11-27T20:39:28.166000+00:00",
        "type": "platform.report",
        "record": {
            "requestId": REQUEST_ID,
            "metrics": {"durationMs": 119.123, "billedDurationMs": 120, "memorySizeMB": 512, "maxMemoryUsedMB": 60},
            "status": "success",
        },
    },
)


def measure() -> dict[str, Any]:
    """Return everything that the model of ``admin.cost`` takes from the code."""
    with functions() as found:
        _walk_as_machine(found)
        _walk_as_user(found)
        _call(found)
        access = json.dumps({name: CONTEXT[variable[9:]] for name, variable in ACCESS_LOG.items()})
        platform = sum(len(json.dumps(line, separators=(",", ":"))) + EVENT_BYTES for line in PLATFORM)
        key = found.measured.pop("read_signing_key")["secret_reads"]
        return {
            "activities": found.measured,
            "secret_reads": key,
            "item_bytes": {kind: found.meter.items[kind] for kind in ("client", "grant", "person", "session")},
            "access_log_bytes": len(access) + EVENT_BYTES,
            "platform_log_bytes": platform,
        }


def _walk_as_user(found: Functions) -> None:
    # The first form of an instance reads the signing key, which no login shall be charged with.
    found.login("GET", "/account")
    with found.activity("metadata", oauth=len(METADATA)):
        for path in METADATA:
            found.oauth("GET", path)
    with found.activity("register", oauth=1):
        client = found.oauth("POST", "/dcr", json=LASTING)["json"]
    browser = Browser(found.login)
    with found.activity("login", login=3):
        page = browser.get("/authorize", asking(client))
        arrived = come_back(browser, forward_url(approve(browser, page)))
    code = redirect_parameters(arrived)["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": WEBSITE}
    with found.activity("redeem", oauth=1):
        issued = found.oauth("POST", "/token", form=form | _id(client))["json"]
    with found.activity("authorize_user", authorizer=1):
        assert _authorize(found, issued["access_token"]) == "Allow"
    with found.activity("refresh", oauth=1):
        renewal = {"grant_type": "refresh_token", "refresh_token": issued["refresh_token"]}
        assert found.oauth("POST", "/token", form=renewal | _id(client))["statusCode"] == 200


def _walk_as_machine(found: Functions) -> None:
    with found.activity("register_machine", oauth=1):
        client = found.oauth("POST", "/dcr", json=MACHINE)["json"]
    proof, form = basic(client["client_id"], client["client_secret"]), {"grant_type": "client_credentials"}
    with found.activity("read_signing_key"):
        found.oauth("POST", "/token", form=form, headers=proof)
    with found.activity("machine_token", oauth=1):
        token = found.oauth("POST", "/token", form=form, headers=proof)["json"]["access_token"]
    # The first denial of a minute is in the audit log, too.
    assert [_authorize(found, presented) for presented in (token, f"{token[:-1]}!")] == ["Allow", "Deny"]
    with found.activity("authorize_machine", authorizer=1):
        assert _authorize(found, token) == "Allow"
    with found.activity("deny", authorizer=1):
        assert _authorize(found, f"{token[:-1]}!") == "Deny"


def _call(found: Functions) -> None:
    with found.activity("call", mcp=1):
        assert _post(found, "tools/call", {"name": "slow_sum", "arguments": {"numbers": [1, 2]}})["resultType"]
    with found.activity("start_task", mcp=1):
        started = _post(found, "tools/call", {"name": "slow_sum", "arguments": {"numbers": [1, 2]}}, TASKS)
    with found.activity("run_task", worker=1):
        found.run_task({"taskId": started["taskId"]}, _Context())
    with found.activity("poll_task", mcp=1):
        assert _post(found, "tasks/get", {"taskId": started["taskId"]}, TASKS)["status"] == "completed"


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def _id(client: dict[str, Any]) -> dict[str, str]:
    return {"client_id": client["client_id"]}


def _authorize(found: Functions, token: str) -> str:
    context = {"requestId": REQUEST_ID, "identity": {"sourceIp": "203.0.113.9"}}
    event = {"methodArn": ARN, "headers": {"Authorization": f"Bearer {token}"}, "requestContext": context}
    return str(found.authorize(event, None)["policyDocument"]["Statement"][0]["Effect"])


def _post(found: Functions, method: str, params: dict[str, Any], capabilities: Any = None) -> dict[str, Any]:
    """Send a request of a client of today, and return its result."""
    meta = {"protocolVersion": "2026-07-28", "clientCapabilities": capabilities or {}}
    prefix = "io.modelcontextprotocol/"
    message = {"jsonrpc": "2.0", "id": 1, "method": method}
    message |= {"params": {**params, "_meta": {f"{prefix}{name}": value for name, value in meta.items()}}}
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Accept": BOTH}
    headers["Mcp-Name"] = str(params.get("name") or params.get("taskId"))
    caller = {"clientId": "c" * 32, "subject": "s" * 36, "scope": "mcp", "sealKeys": "LS0t" * 11}
    caller |= {"expiresAt": "4000000000", "servedUntil": "4000000060"}
    answer = found.mcp("POST", "/mcp", json=message, headers=headers, authorizer=caller)
    assert answer["json"], answer
    return dict(answer["json"]["result"])
