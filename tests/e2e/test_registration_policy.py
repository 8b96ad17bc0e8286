"""A stack that lets nobody register without a token, and then nobody at all.

It is guarded in every other way, too: its data has a key, and a trail and a destination get all that happens.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from local.program import ROOT
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, RENAMED_CHALLENGE, Server, bearer
from tests.e2e.test_api_script import run
from tests.support.local_stack import LocalStack

pytestmark = pytest.mark.stack

REGISTRATIONS = 12
DESTINATION = "arn:aws:firehose:eu-central-1:000000000000:deliverystream/organisation"
MACHINE = {"client_name": "end to end", "grant_types": ["client_credentials"]}


@dataclass(frozen=True)
class Guarded:
    """The stack, what speaks to it, and an initial access token that its operator made."""

    stack: LocalStack
    server: Server
    token: str

    def register(self, token: str | None) -> requests.Response:
        return self.server.send("POST", "/dcr", json=MACHINE, headers=bearer(token) if token else {})


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    config = {
        "registration": "token",
        "machineClients": "token",
        "authorizerCacheSeconds": str(AUTHORIZER_CACHE_SECONDS),
        "maxRedirectUris": "2",
        "clientSecretDays": "30",
        "failedAuthenticationsPerMinute": "3",
        "registrationsPerHour": str(REGISTRATIONS),
        "kmsKey": "create",
        "trail": "true",
        "logDestinationArn": DESTINATION,
    }
    with LocalStack(tmp_path_factory.mktemp("guarded") / "stack", config=config) as stack:
        token = stack.run("admin", "make-initial-token", "--days", "1").strip()
        yield Guarded(stack, Server(stack.outputs["url"], stack.directory), token)


def test_only_an_initial_access_token_of_the_operator_registers_a_client(guarded: Guarded) -> None:
    """RFC 7591 3."""
    assert guarded.register(guarded.token).status_code == 201
    for token in (None, "wrong"):
        answer = guarded.register(token)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
        assert answer.headers[RENAMED_CHALLENGE] == 'Bearer error="invalid_token"'


def test_everything_that_holds_data_has_the_key_and_every_log_goes_to_the_destination(guarded: Guarded) -> None:
    [alias] = [
        each for each in guarded.stack.client("kms").list_aliases()["Aliases"] if "aws/" not in each["AliasName"]
    ]
    logs = guarded.stack.client("logs")
    groups = logs.describe_log_groups()["logGroups"]
    assert guarded.stack.outputs["audit_log"] in {group["logGroupName"] for group in groups}
    for group in groups:
        name = group["logGroupName"]
        assert group["kmsKeyId"].endswith(alias["TargetKeyId"]), name
        [sent] = logs.describe_subscription_filters(logGroupName=name)["subscriptionFilters"]
        assert sent["destinationArn"] == DESTINATION, name
    table = guarded.stack.client("dynamodb").describe_table(TableName=guarded.stack.outputs["table_name"])["Table"]
    assert table["SSEDescription"]["KMSMasterKeyArn"].endswith(alias["TargetKeyId"])


def test_the_trail_records_into_a_bucket_with_a_lock(guarded: Guarded) -> None:
    bucket = guarded.stack.outputs["trail_bucket"]
    cloudtrail, s3 = guarded.stack.client("cloudtrail"), guarded.stack.client("s3")
    [trail] = cloudtrail.describe_trails()["trailList"]
    assert (trail["S3BucketName"], trail["LogFileValidationEnabled"]) == (bucket, True)
    assert cloudtrail.get_trail_status(Name=trail["TrailARN"])["IsLogging"] is True
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["Rule"] == {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}}


def test_the_script_passes_with_an_initial_access_token_and_not_without(guarded: Guarded) -> None:
    done = run(guarded.server.url, INITIAL_ACCESS_TOKEN=guarded.token)
    assert done.returncode == 0, done.stderr
    assert guarded.token not in done.stdout + done.stderr
    assert "FAIL  register: status 401" in run(guarded.server.url).stderr


def test_the_commands_that_are_printed_register_a_machine_with_a_token_that_they_make(guarded: Guarded) -> None:
    printed = guarded.stack.up()
    script = printed.partition("INITIAL=")[1] + printed.partition("INITIAL=")[2].partition("\n\n(")[0]
    done = subprocess.run(["/bin/sh", "-eu"], input=script, capture_output=True, text=True, timeout=120, check=True)
    assert '"client_id"' in done.stdout


def test_a_machine_that_was_registered_while_anybody_could_gets_no_more_tokens(guarded: Guarded) -> None:
    """RFC 6749 5.2: unauthorized_client."""
    client = guarded.register(guarded.token).json()
    table = guarded.stack.client("dynamodb")
    key = {"pk": {"S": f"client#{client['client_id']}"}}
    table.update_item(TableName=guarded.stack.outputs["table_name"], Key=key, UpdateExpression="REMOVE invited")
    form = {"grant_type": "client_credentials"}
    answer = guarded.server.send("POST", "/token", data=form, auth=(client["client_id"], client["client_secret"]))
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_the_operator_revokes_an_initial_access_token(guarded: Guarded) -> None:
    token = guarded.stack.run("admin", "make-initial-token").strip()
    assert guarded.register(token).status_code == 201
    command = [sys.executable, "-m", "local", f"--dir={guarded.stack.directory}", "admin", "revoke-initial-token"]
    subprocess.run(command, cwd=ROOT, input=token, text=True, check=True)
    assert guarded.register(token).status_code == 401
    assert guarded.register(guarded.token).status_code == 201


def test_a_client_rotates_its_registration_access_token_and_still_gets_tokens(guarded: Guarded) -> None:
    """RFC 7592 5; RFC 7591 3.2.1 for the secret's expiry."""
    client = guarded.register(guarded.token).json()
    assert client["client_secret_expires_at"] == client["client_id_issued_at"] + 30 * 86_400
    path = client["registration_client_uri"].removeprefix(guarded.server.url)
    asked = {**MACHINE, "client_id": client["client_id"]}

    def update(token: str) -> requests.Response:
        return guarded.server.send("PUT", path, json=asked, headers=bearer(token))

    first = update(client["registration_access_token"])
    assert first.status_code == 200
    assert update(client["registration_access_token"]).status_code == 401
    assert update(first.json()["registration_access_token"]).status_code == 200
    assert guarded.server.token(client)


def test_a_client_registers_no_more_redirect_uris_than_the_stack_allows(guarded: Guarded) -> None:
    uris = [f"https://example.com/{number}" for number in range(3)]
    answer = guarded.server.send("POST", "/dcr", json={"redirect_uris": uris}, headers=bearer(guarded.token))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


def test_a_client_that_fails_too_often_is_told_to_wait_and_served_when_it_is_right(guarded: Guarded) -> None:
    """RFC 6585 4."""
    client = guarded.register(guarded.token).json()
    form = {"grant_type": "client_credentials"}
    # Nine failures fall into at most two minutes, so in one of these are more than are allowed.
    answers = [guarded.server.send("POST", "/token", data=form, auth=(client["client_id"], "x")) for _ in range(9)]
    assert {answer.status_code for answer in answers} == {401, 429}
    [late, *_] = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert guarded.server.token(client)


def test_a_client_past_its_time_is_gone_before_the_table_lets_go_of_it(guarded: Guarded) -> None:
    client = guarded.register(guarded.token).json()
    token = guarded.server.token(client)
    path = client["registration_client_uri"].removeprefix(guarded.server.url)
    guarded.stack.client("dynamodb").update_item(
        TableName=guarded.stack.outputs["table_name"],
        Key={"pk": {"S": f"client#{client['client_id']}"}},
        UpdateExpression="SET expires_at = :then",
        ExpressionAttributeValues={":then": {"N": str(int(time.time()) - 1)}},
    )
    management = guarded.server.send("GET", path, headers=bearer(client["registration_access_token"]))
    form = {"grant_type": "client_credentials"}
    again = guarded.server.send("POST", "/token", data=form, auth=(client["client_id"], client["client_secret"]))
    ping = guarded.server.rpc(token, {"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert [answer.status_code for answer in (management, again, ping)] == [401] * 3


def test_a_source_that_registers_too_often_is_told_to_wait(guarded: Guarded) -> None:
    """RFC 6585 4."""
    # As many as would fill this hour and the next.
    answers = [guarded.register(guarded.token) for _ in range(2 * REGISTRATIONS + 1)]
    [late, *_] = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= int(late.headers["Retry-After"]) <= 3600


def test_where_registration_is_closed_nobody_registers_and_the_metadata_does_not_name_it(guarded: Guarded) -> None:
    """RFC 8414 2."""
    LocalStack(guarded.stack.directory, config={"registration": "closed"}).up()
    answer = guarded.register(guarded.token)
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    document = guarded.server.send("GET", "/.well-known/openid-configuration").json()
    assert "registration_endpoint" not in document
    done = run(guarded.server.url, INITIAL_ACCESS_TOKEN=guarded.token)
    assert done.returncode == 1
    assert done.stderr == "FAIL  register: nobody can register here (registration is closed)\n"
