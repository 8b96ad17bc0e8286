"""What a needs file may say, and what it is warned of."""

from pathlib import Path

import pytest

from tests.infra.needs.declaring import run_file
from tests.infra.recorder import ACCOUNT_ID, REGION, arn

BUCKET = "reports = aws.s3.Bucket('reports')"


def test_a_file_asks_about_its_stack(tmp_path: Path) -> None:
    told = "pulumi.Output.concat(needs.prefix, ' ', needs.stack, ' ', needs.region, ' ', needs.account)"
    run = run_file(tmp_path, f"needs.environment('STACK', {told})", "assert needs.tags['stack'] == 'dev'")
    assert run.outputs["STACK"] == f"remote-mcp-dev dev {REGION} {ACCOUNT_ID}"


def test_actions_and_resources_may_be_one_or_several(tmp_path: Path) -> None:
    run = run_file(
        tmp_path,
        BUCKET,
        "needs.allow('s3:GetObject', reports.arn)",
        "needs.allow(['s3:ListBucket', 's3:Get*'], [reports.arn, 'arn:aws:s3:::other'])",
        "needs.allow('s3:PutObject', reports.arn, {'StringEqualsIfExists': {'aws:PrincipalTag/team': reports.bucket}})",
    )
    one, several, conditional = run.outputs["statements"]
    assert (one["Action"], one["Resource"]) == (["s3:GetObject"], [arn("Bucket", "reports")])
    assert several["Resource"] == [arn("Bucket", "reports"), "arn:aws:s3:::other"]
    assert conditional["Condition"] == {"StringEqualsIfExists": {"aws:PrincipalTag/team": "reports"}}
    assert run.warnings == (
        f"{tmp_path}/needs.py:8: needs.allow permits s3:Get*, also what AWS adds later; name the actions",
    )


@pytest.mark.parametrize(
    ("actions", "resource", "warnings"),
    [
        ("s3:GetObject", "*", ["permits s3:GetObject on *: on every resource; name the resources"]),
        ("s3:GetObject", "arn:aws:s3:::*", ["permits s3:GetObject on arn:aws:s3:::*: on every resource"]),
        ("s3:GetObject", "arn:aws:s3:::reports/*", []),
        ("s3:*", "arn:aws:s3:::reports/*", ["permits s3:*, also what AWS adds later; name the actions"]),
        ("secretsmanager:GetSecretValue", "*", ["on *: on every resource, also on this server's own; name"]),
        ("*", "*", ["permits *, also what", "on *: on every resource, also on this server's own"]),
    ],
)
def test_a_wildcard_is_permitted_with_a_warning(
    tmp_path: Path, actions: str, resource: str, warnings: list[str]
) -> None:
    run = run_file(tmp_path, f"needs.allow({actions!r}, pulumi.Output.from_input({resource!r}))")
    assert run.outputs["statements"] == [{"Effect": "Allow", "Action": [actions], "Resource": [resource]}]
    assert len(run.warnings) == len(warnings)
    for warned, expected in zip(run.warnings, warnings, strict=True):
        assert warned.startswith(f"{tmp_path}/needs.py:6: needs.allow ")
        assert expected in warned


def test_a_preview_runs_although_outputs_are_not_known_yet(tmp_path: Path) -> None:
    run = run_file(
        tmp_path,
        BUCKET,
        "needs.allow('s3:GetObject', pulumi.Output.concat(reports.arn, '/*'))",
        "needs.environment('REPORTS_BUCKET', reports.bucket)",
        "needs.secret('KEY', arn=reports.arn)",
        "needs.network(subnet_ids=[reports.id], security_group_ids=[reports.id])",
        "needs.layer(reports.arn)",
        preview=True,
    )
    assert run.outputs == {}
    assert list(run.needs.environment) == ["REPORTS_BUCKET"]
    assert len(run.needs.layers) == 1


def test_a_function_of_its_own_has_needs_of_its_own(tmp_path: Path) -> None:
    run = run_file(
        tmp_path,
        "needs.secret('KEY')",
        "needs.function('billing').memory(2048)",
        "needs.function('billing').secret('KEY')",
        "needs.function('billing').timeout(900)",
    )
    billing = run.needs.functions["billing"]
    assert (run.needs.memory_size, billing.memory_size, billing.timeout) == (None, 2048, 900)
    assert list(billing.secrets) == list(run.needs.secrets) == ["KEY"]
    # One secret, which both may read.
    assert [declared.name for declared in run.declared if declared.type.endswith("Secret")] == [
        "remote-mcp-dev-app-KEY"
    ]


def test_what_is_declared_without_a_parent_belongs_to_the_app(tmp_path: Path) -> None:
    run = run_file(tmp_path, "aws.sns.Topic('news')", "assert needs.parent is pulumi.runtime.get_root_resource()")
    assert [declared.name for declared in run.declared] == ["remote-mcp-dev-app", "news"]
