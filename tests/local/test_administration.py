"""Tests of the operator's commands that moto does not know enough for, on the emulator."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pulumi
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from admin.__main__ import main
from admin.gateway_role import ATTEMPTS, ROLE_NAME, set_gateway_role
from admin.release.note import DONE, Note
from local import __main__ as local
from local.aws import Aws
from local.deployment import Deployment
from local.processes import Process, start_time
from local.state import State
from runtime.deployment import AUDIT_STREAM
from tests.local.conftest import Apply
from tests.local.test_deployment import FUNCTION, ROLE, TRUST

Begin = Callable[[], Deployment]


@pytest.fixture
def operator(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """Direct the commands to the emulator."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    yield aws
    # Nobody else may find the setting that all stacks share.
    aws.client("apigateway").update_account(patchOperations=[{"op": "remove", "path": "/cloudwatchRoleArn"}])
    iam = aws.client("iam")
    for role in iam.list_roles()["Roles"]:
        if role["RoleName"] == ROLE_NAME:
            for policy in iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]:
                iam.detach_role_policy(RoleName=ROLE_NAME, PolicyArn=policy["PolicyArn"])
            iam.delete_role(RoleName=ROLE_NAME)


def setting(aws: Aws) -> str | None:
    arn: str | None = aws.client("apigateway").get_account().get("cloudwatchRoleArn")
    return arn


def test_the_role_of_api_gateway_is_made_and_set_once(operator: Aws, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["set-gateway-role"]) == 0
        assert (setting(operator) or "").endswith(f":role/{ROLE_NAME}")
        assert f"API Gateway writes logs in {operator.region} with the role arn:" in capsys.readouterr().err
    iam = operator.client("iam")
    trust = iam.get_role(RoleName=ROLE_NAME)["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Principal"] == {"Service": "apigateway.amazonaws.com"}
    [policy] = iam.list_attached_role_policies(RoleName=ROLE_NAME)["AttachedPolicies"]
    assert policy["PolicyArn"] == "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"


def test_a_role_that_somebody_else_has_set_stays(operator: Aws) -> None:
    iam = operator.client("iam")
    arn = iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    change = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}]
    operator.client("apigateway").update_account(patchOperations=change)
    assert main(["set-gateway-role"]) == 0
    assert setting(operator) == arn
    iam.delete_role(RoleName="theirs")
    assert main(["set-gateway-role"]) == 0
    assert setting(operator) != arn


@pytest.mark.parametrize("refusals", [ATTEMPTS - 1, ATTEMPTS])
def test_a_role_that_has_not_spread_yet_is_set_again_for_a_minute(aws: Aws, refusals: int) -> None:
    """The emulator accepts every role at once."""
    gateway = boto3.client("apigateway", region_name=aws.region)
    pauses: list[float] = []
    with Stubber(gateway) as answers:
        for _ in range(refusals):
            answers.add_client_error("update_account", "BadRequestException", "The role ARN does not have required...")
        answers.add_response("update_account", {})
        if refusals == ATTEMPTS:
            with pytest.raises(ClientError):
                set_gateway_role(gateway, "arn", pauses.append)
        else:
            set_gateway_role(gateway, "arn", pauses.append)
    assert (len(pauses), sum(pauses)) == (ATTEMPTS - 1, 55)


def publish(deploy: Begin, apply: Apply, directory: Path, name: str, versions: int) -> str:
    """Publish some versions of a function that does nothing, and return its name."""
    archive = directory / f"{name}.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("idle.py", "def handler(event, context):\n    return None\n")
    run = deploy()
    _, role = apply(run, ROLE, name, assumeRolePolicy=TRUST)
    inputs = {
        "role": role["arn"],
        "code": pulumi.FileArchive(str(archive)),
        "handler": "idle.handler",
        "runtime": "python3.11",
        "publish": True,
    }
    for level in range(versions):
        apply(deploy(), FUNCTION, name, **inputs, environment={"variables": {"LEVEL": str(level)}})
    return name


def test_old_versions_are_deleted_and_those_that_an_alias_names_stay(
    operator: Aws, deploy: Begin, apply: Apply, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(deploy, apply, tmp_path, "pruned", 6)
    client = operator.client("lambda")
    client.create_alias(FunctionName="pruned", Name="first", FunctionVersion="1")
    assert main(["--function", "pruned", "prune-versions", "--keep", "2"]) == 0
    versions = client.list_versions_by_function(FunctionName="pruned")["Versions"]
    assert [version["Version"] for version in versions] == ["$LATEST", "1", "5", "6"]
    said = capsys.readouterr().err
    assert said == "".join(f"Deleted version {version} of pruned.\n" for version in (2, 3, 4))
    assert main(["--function", "pruned", "prune-versions", "--keep", "2"]) == 0
    assert capsys.readouterr().err == "Nothing to delete.\n"


def test_versions_between_which_a_release_shares_requests_stay_and_so_does_the_one_to_go_back_to(
    operator: Aws, deploy: Begin, apply: Apply, tmp_path: Path
) -> None:
    names = publish(deploy, apply, tmp_path, "shared", 6), publish(deploy, apply, tmp_path, "complete", 6)
    client = operator.client("lambda")
    client.create_alias(
        FunctionName="shared",
        Name="live",
        FunctionVersion="2",
        RoutingConfig={"AdditionalVersionWeights": {"4": 0.1}},
    )
    done = str(Note(DONE, "2027-01-15T08:00:00Z", "6", "3"))
    client.create_alias(FunctionName="complete", Name="live", FunctionVersion="6", Description=done)
    assert main([*(part for name in names for part in ("--function", name)), "prune-versions", "--keep", "1"]) == 0
    left = {
        name: [version["Version"] for version in client.list_versions_by_function(FunctionName=name)["Versions"]]
        for name in names
    }
    assert left == {"shared": ["$LATEST", "2", "4", "6"], "complete": ["$LATEST", "3", "6"]}


@pytest.fixture
def administer(operator: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return what runs ``python -m local admin`` on a stack with some outputs."""
    monkeypatch.setattr("local.__main__.forget_environment", lambda: None)
    monkeypatch.setattr("local.__main__.handle_signals", lambda: None)

    def run(outputs: dict[str, object], *arguments: str) -> int:
        emulator = Process(os.getpid(), start_time(os.getpid()) or "")
        named = {"table_name": "table", "audit_log": "local-audit", "region": operator.region, **outputs}
        state = State(tmp_path, 1, operator.port, operator.region, processes={"emulator": emulator}, outputs=named)
        state.save()
        return local.main([f"--dir={tmp_path}", "admin", *arguments])

    return run


def test_a_release_of_the_local_stack_watches_the_alarms_of_its_outputs(
    operator: Aws,
    administer: Callable[..., int],
    deploy: Begin,
    apply: Apply,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish(deploy, apply, tmp_path, "released", 2)
    operator.client("lambda").create_alias(FunctionName="released", Name="live", FunctionVersion="1")
    outputs = {"function_names": {"mcp": "released"}, "release_alarms": {"mcp-errors": "dev-mcp-errors"}}
    assert administer(outputs, "release") == 1
    said = capsys.readouterr().err
    assert "there is no alarm dev-mcp-errors" in said
    assert "Now mcp serves " in said


def test_the_client_secret_of_the_local_stack_is_that_of_its_outputs(
    operator: Aws, administer: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs, secrets = operator.client("logs"), operator.client("secretsmanager")
    logs.create_log_group(logGroupName="local-audit")
    logs.create_log_stream(logGroupName="local-audit", logStreamName=AUDIT_STREAM)
    secrets.create_secret(Name="local-upstream", SecretString="before")
    monkeypatch.setattr("sys.stdin", io.StringIO("hush\n"))
    assert administer({"function_names": {}, "upstream_secret_name": "local-upstream"}, "set-upstream-secret") == 0
    assert "hush" in secrets.get_secret_value(SecretId="local-upstream")["SecretString"]


@pytest.mark.parametrize("keep", ["0", "-1", "all"])
def test_at_least_the_newest_version_stays(keep: str) -> None:
    with pytest.raises(SystemExit):
        main(["--function", "pruned", "prune-versions", "--keep", keep])
