"""The audit log of a running stack."""

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from jsonschema import Draft202012Validator

from local import stack
from local.aws import Aws
from local.program import ROOT
from tests.e2e.conftest import Server, bearer

SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "audit-event.json").read_bytes()))
Events = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def events(server: Server) -> Events:
    """What the audit log tells of a client, every line of it checked against its schema."""
    state = stack.find_running(server.directory)
    logs = Aws(state.emulator_port, state.region).client("logs")

    def read(client_id: str) -> list[dict[str, Any]]:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=state.outputs["audit_log"])
        lines = [json.loads(event["message"]) for page in pages for event in page["events"]]
        for line in lines:
            SCHEMA.validate(line)
        return [line for line in lines if client_id in {line.get("client_id"), line.get("claimed_client_id")}]

    return read


def test_the_life_of_a_client_is_in_the_audit_log_by_the_time_it_is_answered(server: Server, events: Events) -> None:
    client = server.register()
    token = server.token(client)
    credentials = (client["client_id"], client["client_secret"])
    server.send("POST", "/token", data={"grant_type": "client_credentials"}, auth=(client["client_id"], "wrong"))
    server.send("POST", "/revoke", data={"token": token}, auth=credentials)
    path = client["registration_client_uri"].removeprefix(server.url)
    server.send("DELETE", path, headers=bearer(client["registration_access_token"]))
    told = events(client["client_id"])
    assert [event["event"] for event in told] == [
        "client_registered",
        "token_issued",
        "refused",
        "token_revoked",
        "client_deleted",
    ]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert told[1]["token_id"] == told[3]["token_id"] == claims["jti"]
    assert told[2]["error"] == "invalid_client"
    assert {event["network"] for event in told} == {"127.0.0.1/32"}


def test_the_first_signing_key_is_in_the_audit_log(server: Server, token: str) -> None:
    state = stack.find_running(server.directory)
    logs = Aws(state.emulator_port, state.region).client("logs")
    found = logs.filter_log_events(logGroupName=state.outputs["audit_log"], filterPattern='"signing_key_made"')
    [made] = [json.loads(event["message"]) for event in found["events"]]
    assert made["key_id"] == jwt.get_unverified_header(token)["kid"]


def test_a_denied_token_is_in_the_audit_log(server: Server) -> None:
    assert server.rpc("no-token", {"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code == 401
    state = stack.find_running(server.directory)
    logs = Aws(state.emulator_port, state.region).client("logs")
    found = logs.filter_log_events(logGroupName=state.outputs["audit_log"], filterPattern='"access_denied"')
    told = [json.loads(event["message"]) for event in found["events"]]
    assert {(event["error_description"], event["count"] > 0) for event in told} >= {("DecodeError", True)}
