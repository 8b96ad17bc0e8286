"""The life of the stack ``dev`` under the real engine."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.errors import CommandError

from admin.table_settings import prepare_table
from local.edge.settings import CLOUDFRONT, Settings
from local.processes import stop
from local.program import ROOT
from local.servers import bind_socket, start_edge
from local.stack import settings_of_machine
from tests.e2e.test_deploy_script import Machine
from tests.engine.deployer import NAME
from tests.engine.engine import Changes, Engine, EngineStack
from tests.support.names import PROJECT

SCRIPT = ROOT / "scripts" / "test-api.sh"
CACHE_SECONDS = 1
TABLE = "aws:dynamodb/table:Table"
RESTORED = f"{PROJECT}-restored"


@pytest.fixture(scope="module")
def previewed(engine: Engine) -> Iterator[tuple[EngineStack, Changes]]:
    """Return the stack before its first deployment, and what the engine announces."""
    with bind_socket(0) as listener:
        url = f"http://localhost:{listener.getsockname()[1]}"
        # The local edge stands in for the distribution, so it is what the public URL names.
        settings = {"edge": CLOUDFRONT, "publicUrl": url, "authorizerCacheSeconds": CACHE_SECONDS}
        stack = engine.stack("dev", settings_of_machine() | settings)
        yield stack, stack.preview()


@pytest.fixture(scope="module")
def deployed(previewed: tuple[EngineStack, Changes]) -> tuple[EngineStack, Changes]:
    stack, _ = previewed
    return stack, stack.up()


@pytest.fixture(scope="module")
def stack(deployed: tuple[EngineStack, Changes]) -> EngineStack:
    return deployed[0]


def test_a_preview_with_unknown_values_announces_everything_and_creates_nothing(
    previewed: tuple[EngineStack, Changes], engine: Engine
) -> None:
    _, announced = previewed
    assert announced.created
    assert not announced.updated | announced.replaced | announced.deleted
    assert [role["RoleName"] for role in engine.aws.client("iam").list_roles()["Roles"]] == [NAME]


def test_up_creates_what_the_preview_announced(
    previewed: tuple[EngineStack, Changes], deployed: tuple[EngineStack, Changes]
) -> None:
    assert deployed[1] == previewed[1]


def test_a_second_up_changes_nothing(stack: EngineStack) -> None:
    assert not stack.up()


@pytest.fixture
def edge(stack: EngineStack, engine: Engine, tmp_path: Path) -> Iterator[Mapping[str, Any]]:
    """Serve the stack at its URL, and return its outputs."""
    outputs = stack.outputs()
    [distribution] = engine.aws.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    [header] = distribution["Origins"]["Items"][0]["CustomHeaders"]["Items"]
    key = header["HeaderValue"]
    with bind_socket(int(outputs["url"].rpartition(":")[2])) as listener:
        host = f"{outputs['api_id']}.execute-api.localhost:{engine.aws.port}"
        edge = start_edge(tmp_path, listener, Settings(CLOUDFRONT, engine.aws.port, host, outputs["stage_name"], key))
    try:
        yield outputs
    finally:
        stop(edge)


def test_a_client_uses_it(edge: Mapping[str, Any]) -> None:
    environment = {**os.environ, "AUTHORIZER_CACHE_SECONDS": str(CACHE_SECONDS), "NO_PROXY": "localhost"}
    done = subprocess.run(
        [SCRIPT, edge["url"]], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_to_the_script_that_deploys_machine_clients_are_enough_where_no_user_signs_in(
    edge: Mapping[str, Any], engine: Engine, tmp_path: Path
) -> None:
    """Without ``upstream``, the doctor finds that no user can sign in. That was the intention."""
    done = Machine(tmp_path, engine.aws.environment()).deploy(edge, NO_PROXY="localhost,127.0.0.1")
    assert done.returncode == 0, done.stderr
    assert "no user can sign in" in done.stderr
    assert edge["mcp_url"] in done.stdout


def test_no_secret_is_in_the_state(stack: EngineStack, engine: Engine) -> None:
    client = engine.aws.client("secretsmanager")
    answers = [
        client.get_secret_value(SecretId=secret["ARN"], VersionId=version["VersionId"])
        for secret in client.list_secrets()["SecretList"]
        for version in client.list_secret_version_ids(SecretId=secret["ARN"])["Versions"]
    ]
    # A version without a value is that of a secret which nobody filled yet.
    values = [answer["SecretString"] for answer in answers if "SecretString" in answer]
    values += [key["value"] for key in engine.aws.client("apigateway").get_api_keys(includeValues=True)["items"]]
    assert values
    state = stack.checkpoint()
    assert not [value for value in values if value in state]


def test_a_refresh_finds_what_is_gone_and_up_brings_it_back(stack: EngineStack, engine: Engine) -> None:
    cloudwatch = engine.aws.client("cloudwatch")
    gone = cloudwatch.describe_alarms()["MetricAlarms"][0]["AlarmName"]
    assert not stack.refresh()
    cloudwatch.delete_alarms(AlarmNames=[gone])
    deleted = stack.refresh().deleted
    assert len(deleted) == 1
    assert stack.up().created == deleted
    assert len(cloudwatch.describe_alarms(AlarmNamePrefix=gone[:-8])["MetricAlarms"]) == 1


def test_an_update_that_fails_half_way_is_completed_by_the_next(stack: EngineStack, engine: Engine) -> None:
    quieter = {"logLevel": "ERROR"}
    announced = stack.preview(quieter)
    functions = sorted(name for name in announced.updated if name.startswith("aws:lambda/function:Function"))
    with engine.servicer.refuse(functions[0]), pytest.raises(CommandError, match="a planted failure"):
        stack.up(quieter)
    rest = stack.preview(quieter)
    assert functions[0] in rest.updated < announced.updated
    assert stack.up(quieter) == rest
    assert not stack.up(quieter)


def test_a_restored_table_takes_the_place_of_the_own_one_which_stays(stack: EngineStack, engine: Engine) -> None:
    """The way back is to remove the key."""
    dynamodb, own = engine.aws.client("dynamodb"), stack.outputs()["table_name"]
    dynamodb.restore_table_to_point_in_time(SourceTableName=own, TargetTableName=RESTORED, UseLatestRestorableTime=True)
    restored = {"existingTable": RESTORED}
    with pytest.raises(CommandError, match="its items do not expire by expires_at, so it would only grow; run: "):
        stack.preview(restored)
    list(prepare_table(dynamodb, RESTORED, own))
    changes = stack.up(restored)
    assert not [name for name in changes.updated | changes.replaced | changes.deleted if name.startswith(TABLE)]
    assert stack.outputs()["table_name"] == RESTORED
    stack.up()
    assert stack.outputs()["table_name"] == own


def test_destroy_leaves_nothing(stack: EngineStack, engine: Engine) -> None:
    stack.destroy()
    aws = engine.aws
    left = [role["RoleName"] for role in aws.client("iam").list_roles()["Roles"] if "-dev-" in role["RoleName"]]
    left += [name for name in aws.client("dynamodb").list_tables()["TableNames"] if "-dev-" in name]
    left += [api["name"] for api in aws.client("apigateway").get_rest_apis()["items"] if "-dev-" in api["name"]]
    left += [item["Id"] for item in aws.client("cloudfront").list_distributions()["DistributionList"].get("Items", [])]
    left += [item["FunctionName"] for item in aws.client("lambda").list_functions()["Functions"]]
    assert not left
    # What the stack used and did not own stays.
    assert RESTORED in aws.client("dynamodb").list_tables()["TableNames"]
