"""What an operator does in an incident, on a stack of its own: the commands against the running functions."""

import json
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from local.program import ROOT
from tests.e2e.authorization.answers import refusal
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, MANY, SHORT, Server, bearer
from tests.e2e.login.client import LoginClient
from tests.support.local_stack import LocalStack
from tests.support.user_browser import User

pytestmark = pytest.mark.stack

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
# Who the emulator says is calling.
OPERATOR = "arn:aws:"


@dataclass(frozen=True)
class Incident:
    """The stack, and what speaks to it."""

    stack: LocalStack
    server: Server

    def admin(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command without a terminal."""
        command = [sys.executable, "-m", "local", f"--dir={self.stack.directory}", "admin", *arguments]
        return subprocess.run(  # nosec B603  # fixed program
            command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def change(self, *arguments: str) -> str:
        """Run a command that changes something, wait until cached decisions have ended, and return what it said."""
        done = self.admin(*arguments, "--yes")
        assert done.returncode == 0, done.stderr
        time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)
        return done.stderr

    def read(self, *arguments: str) -> list[dict[str, Any]]:
        done = self.admin(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def status(self, token: str) -> int:
        return self.server.rpc(token, PING).status_code

    def last_event(self) -> dict[str, Any]:
        logs = self.stack.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=self.stack.outputs["audit_log"])
        events = [json.loads(event["message"]) for page in pages for event in page["events"]]
        return dict([event for event in events if "operator" in event][-1])


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Incident]:
    with LocalStack(tmp_path_factory.mktemp("incident") / "stack", config=MANY | SHORT) as stack:
        yield Incident(stack, Server(stack.outputs["url"], stack.directory))


def log_in(client: LoginClient, user: User) -> dict[str, Any]:
    return client.tokens(user.authorize(client.url(prompt="consent"))["code"])


def test_a_disabled_client_is_out_and_an_enabled_one_is_in_again(incident: Incident) -> None:
    client = incident.server.register()
    token = incident.server.token(client)
    assert incident.status(token) == 200
    incident.change("disable-client", client["client_id"])
    assert incident.status(token) == 401
    form, credentials = {"grant_type": "client_credentials"}, (client["client_id"], client["client_secret"])
    assert refusal(incident.server.send("POST", "/token", data=form, auth=credentials)) == (401, "invalid_client")
    path = client["registration_client_uri"].removeprefix(incident.server.url)
    managed = incident.server.send("DELETE", path, headers=bearer(client["registration_access_token"]))
    assert refusal(managed) == (401, "invalid_token")
    assert incident.last_event()["event"] == "client_disabled"
    incident.change("enable-client", client["client_id"])
    assert incident.status(token) == 200
    assert incident.last_event()["operator"].startswith(OPERATOR)


def test_a_user_who_is_removed_has_no_access_and_no_data(incident: Incident) -> None:
    user, client = User(incident.server.url), LoginClient.new(incident.server)
    tokens = log_in(client, user)
    assert client.works(tokens["access_token"])
    [line] = [line for line in incident.read("list-access") if line["client_id"] == client.client_id]
    assert (line["user"]["email"], line["client_name"]) == ("alice@example.com", "An editor")
    said = incident.change("remove-user", "--email", "alice@example.com")
    assert "1 grant" in said
    assert not client.works(tokens["access_token"])
    assert refusal(client.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert "Sign in to see" in user.open(f"{incident.server.url}/account").text
    assert [line for line in incident.read("list-access") if line["user"]] == []


def test_everything_issued_so_far_ends_and_what_comes_after_works(incident: Incident) -> None:
    user, client, machine = User(incident.server.url), LoginClient.new(incident.server), incident.server.register()
    tokens, token = log_in(client, user), incident.server.token(machine)
    code = user.authorize(client.url(prompt="consent"))["code"]
    assert (client.works(tokens["access_token"]), incident.status(token)) == (True, 200)
    incident.change("revoke-issued-before", "now")
    assert (client.works(tokens["access_token"]), incident.status(token)) == (False, 401)
    assert refusal(client.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert refusal(client.redeem(code)) == (400, "invalid_grant")
    assert "Sign in to see" in user.open(f"{incident.server.url}/account").text
    assert client.works(log_in(client, user)["access_token"])
    assert incident.status(incident.server.token(machine)) == 200


def test_the_key_is_rotated_and_tokens_of_the_previous_one_stay(incident: Incident) -> None:
    """The emulator's own RotateSecret calls no function; tests/e2e/test_rotation.py has the rotation itself."""
    token = incident.server.token(incident.server.register())
    said = incident.change("rotate-signing-key")
    assert f"the key {jwt.get_unverified_header(token)['kid']} is the previous one" in said
    assert incident.status(token) == 200


def test_a_client_is_shown_with_who_uses_it(incident: Incident) -> None:
    client = LoginClient.new(incident.server)
    log_in(client, User(incident.server.url))
    [shown] = incident.read("show-client", client.client_id)
    assert [line["user"]["subject"] for line in shown["users"]] == ["alice"]
    assert client.registered["registration_access_token"] not in json.dumps(shown)
    assert client.client_id in {line["client_id"] for line in incident.read("list-clients")}


def test_without_a_terminal_and_without_yes_nothing_changes(incident: Incident) -> None:
    done = incident.admin("revoke-issued-before", "now")
    assert (done.returncode, "error: nothing was changed" in done.stderr) == (1, True)
