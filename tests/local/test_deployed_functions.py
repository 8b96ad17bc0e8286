"""Functions on the emulator: what they may do, how they fail, and how their code changes."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from local.errors import LocalError
from tests.local.conftest import Apply
from tests.local.test_deployment import FUNCTION, INVOCATION, ROLE, ROLE_POLICY, SECRET, TRUST, Begin, allow

CODE = """
import boto3

def handler(event, context):
    if "fail" in event:
        raise ValueError(event["fail"])
    return boto3.client("secretsmanager").describe_secret(SecretId=event["secret"])["Name"]
"""


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """The inputs of a function with the code above."""

    def inputs(role: str, code: str = CODE) -> dict[str, Any]:
        archive = tmp_path / "code.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("code_under_test.py", code)
        return {
            "role": role,
            "code": pulumi.FileArchive(str(archive)),
            "handler": "code_under_test.handler",
            "runtime": "python3.11",
            "timeout": 10.0,
        }

    return inputs


def test_a_function_can_do_what_its_role_allows_and_nothing_else(
    deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]
) -> None:
    deployment = deploy()
    allowed, _ = apply(deployment, SECRET, "allowed")
    forbidden, _ = apply(deployment, SECRET, "forbidden")
    role, outputs = apply(deployment, ROLE, "narrow", assumeRolePolicy=TRUST)
    apply(deployment, ROLE_POLICY, "narrow", role=role, policy=allow("secretsmanager:DescribeSecret", allowed))
    name, _ = apply(deployment, FUNCTION, "narrow", **function(outputs["arn"]))
    _, called = apply(deployment, INVOCATION, "good", functionName=name, input=json.dumps({"secret": allowed}))
    assert called["result"] == '"allowed"'
    with pytest.raises(LocalError, match=r"narrow, failed: .*AccessDenied"):
        apply(deployment, INVOCATION, "bad", functionName=name, input=json.dumps({"secret": forbidden}))


def test_a_call_that_fails_fails_the_deployment_with_the_functions_own_reason(
    deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]
) -> None:
    deployment = deploy()
    _, role = apply(deployment, ROLE, "failing", assumeRolePolicy=TRUST)
    name, _ = apply(deployment, FUNCTION, "failing", **function(role["arn"]))
    with pytest.raises(LocalError, match="failing, failed: no key today"):
        apply(deployment, INVOCATION, "call", functionName=name, input=json.dumps({"fail": "no key today"}))


def test_changed_code_is_taken_over_by_the_same_function(
    deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]
) -> None:
    first = deploy()
    _, role = apply(first, ROLE, "coded", assumeRolePolicy=TRUST)
    before = apply(first, FUNCTION, "coded", **function(role["arn"]))
    second = deploy()
    after = apply(second, FUNCTION, "coded", **function(role["arn"], "def handler(event, context): return 'new'"))
    assert before[1]["arn"] == after[1]["arn"]
    assert before[1]["codeSha256"] != after[1]["codeSha256"]
    assert apply(second, INVOCATION, "coded", functionName="coded", input="{}")[1]["result"] == '"new"'
