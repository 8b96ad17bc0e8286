"""The policy pack with the real engine: on our stacks, and on somebody else's program with planted faults."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
import yaml
from pulumi import automation as auto
from pulumi.automation.errors import CommandError

from components.trail_bucket import load_s3
from local.stack import settings_of_machine
from tests.engine.engine import REGION, Engine
from tests.engine.policing import PACK, Policed, Reported, write_starter

METHODS = "api-method-authorized"


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_starter(tmp_path_factory.mktemp("pack"))


def of_project(engine: Engine, starter: Path, name: str) -> Policed:
    stack = engine.stack(f"policed-{name}", settings_of_machine(), like=name)
    stack.stack.set_all_config({key: auto.ConfigValue(_text(value)) for key, value in stack.settings().items()})
    return Policed(stack.stack, starter)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.fixture(scope="module")
def dev(engine: Engine, starter: Path) -> Policed:
    """Return the stack ``dev`` under a name of its own."""
    return of_project(engine, starter, "dev")


def test_a_preview_of_dev_breaks_no_rule_with_its_configuration(dev: Policed) -> None:
    reported = Reported()
    dev.preview(reported, PACK / "config" / "dev.json")
    assert reported == Reported()


def test_a_preview_of_prod_breaks_no_rule_with_its_configuration(engine: Engine, starter: Path) -> None:
    reported = Reported()
    of_project(engine, starter, "prod").preview(reported, PACK / "config" / "prod.json")
    assert reported == Reported()


def test_without_its_configuration_the_preview_of_dev_fails_and_names_every_exception(dev: Policed) -> None:
    reported = Reported()
    with pytest.raises(CommandError, match=METHODS):
        dev.preview(reported)
    configured = json.loads((PACK / "config" / "dev.json").read_text())
    assert {rule for rule, _ in reported.mandatory} == {METHODS}
    assert reported.advisory == {
        ("sns-topic-encrypted", "remote-mcp-policed-dev-monitoring-alarms"),
        ("dynamodb-deletion-protection", "remote-mcp-policed-dev-store"),
    }
    assert {rule for rule, settings in configured.items() if "exceptions" in settings} == {
        rule for rule, _ in reported.mandatory | reported.advisory
    }


def orders() -> None:
    """Declare what somebody else may: some of it sound, some not, and names that a preview does not know.

    Who deploys in these tests may use only what is named after this project.
    """
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role(
        "remote-mcp-worker", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    topic = aws.sns.Topic("remote-mcp-orders", kms_master_key_id="alias/orders")
    orders_arn = f"arn:aws:sns:{REGION}:123456789012:orders"
    wide = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sns:*", "Resource": orders_arn}]}
    aws.iam.RolePolicy("remote-mcp-worker-policy", role=role.name, policy=json.dumps(wide))
    narrow = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": topic.arn}],
    }
    aws.iam.RolePolicy("remote-mcp-sound-policy", role=role.name, policy=pulumi.Output.json_dumps(narrow))
    aws.cloudwatch.LogGroup("remote-mcp-orders-log", retention_in_days=30)
    load_s3()
    for name in ("remote-mcp-closed", "remote-mcp-open"):
        bucket = aws.s3.Bucket(name)
        prohibition = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": bucket.arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        closed = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [prohibition]})
        aws.s3.BucketPolicy(f"{name}-policy", bucket=bucket.id, policy=closed)
        if name == "remote-mcp-closed":
            aws.s3.BucketPublicAccessBlock(
                "remote-mcp-closed-block",
                bucket=bucket.id,
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            )


FAULTS = {
    ("iam-trust-names-its-principals", "remote-mcp-worker"),
    ("iam-no-wildcard-action", "remote-mcp-worker-policy"),
    ("s3-public-access-blocked", "remote-mcp-open"),
}
EXCEPTED = {
    "iam-trust-names-its-principals": {"exceptions": [{"resource": "*-worker", "reason": "an example"}]},
    "iam-no-wildcard-action": {"allowedActions": ["sns:*"]},
}


@pytest.fixture
def stranger(engine: Engine, starter: Path, tmp_path: Path) -> Iterator[Policed]:
    """Return a stack of another project, and destroy it at the end."""
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "remote-mcp-orders", "runtime": "python"}))
    options = auto.LocalWorkspaceOptions(
        work_dir=str(tmp_path),
        pulumi_home=str(engine.directory / "home"),
        env_vars=engine.environment(),
        pulumi_command=engine.command,
    )
    stack = auto.create_stack("test", project_name="remote-mcp-orders", program=orders, opts=options)
    stack.set_config("aws:region", auto.ConfigValue(REGION))
    yield Policed(stack, starter)
    stack.destroy()
    stack.workspace.remove_stack("test")


def test_a_preview_of_somebody_elses_program_reports_exactly_its_faults(stranger: Policed) -> None:
    """It knows neither the ARN of the topic nor those of the buckets."""
    reported = Reported()
    with pytest.raises(CommandError):
        stranger.preview(reported)
    assert reported == Reported(mandatory=FAULTS, messages=reported.messages)
    for place in (
        "aws:iam/role:Role remote-mcp-worker: assumeRolePolicy.Statement[0].Principal ",
        "aws:s3/bucket:Bucket remote-mcp-open: bucket has no public access block in this stack; ",
    ):
        assert [text for text in reported.messages if place in text], place


def test_up_stops_before_it_creates_what_breaks_a_mandatory_rule(stranger: Policed, engine: Engine) -> None:
    with pytest.raises(CommandError, match="lets every AWS account assume the role"):
        stranger.up(Reported())
    roles = engine.aws.client("iam").list_roles()["Roles"]
    assert not [role["RoleName"] for role in roles if role["RoleName"].startswith("remote-mcp-worker")]


def test_what_the_configuration_excepts_or_turns_off_is_no_fault(stranger: Policed, tmp_path: Path) -> None:
    reported = Reported()
    stranger.preview(reported, write(tmp_path, {**EXCEPTED, "s3-public-access-blocked": "disabled"}))
    assert reported == Reported()


def test_an_exception_without_a_reason_stops_the_engine(stranger: Policed, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="reason is required"):
        stranger.preview(Reported(), write(tmp_path, {"required-tags": {"exceptions": [{"resource": "*"}]}}))


def write(directory: Path, configuration: Mapping[str, Any]) -> Path:
    path = directory / "policy.json"
    path.write_text(json.dumps(configuration))
    return path
