"""Tests of functions on the emulator: permissions, failures and updates of code."""

import importlib.metadata
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from local.aws import Aws
from local.errors import LocalError
from tests.local.conftest import Apply
from tests.local.test_deployment import ALIAS, FUNCTION, INVOCATION, ROLE, ROLE_POLICY, SECRET, TRUST, Begin, allow

CODE = """
import boto3

def handler(event, context):
    if "fail" in event:
        raise ValueError(event["fail"])
    return boto3.client("secretsmanager").describe_secret(SecretId=event["secret"])["Name"]
"""

# What it can import, by whether it was found, and everything that it could.
LOOK = """
import importlib
import pkgutil
import sys
import sysconfig

import beside

def handler(event, context):
    found = {}
    for name in event["import"]:
        try:
            found[name] = importlib.import_module(name).__name__
        except ModuleNotFoundError as error:
            found[name] = str(error)
    stdlib = sysconfig.get_path("stdlib")
    beyond = [place for place in sys.path if place not in (stdlib, stdlib + "/lib-dynload")]
    reach = sorted(module.name for module in pkgutil.iter_modules(beyond))
    return {"found": found, "beside": beside.VALUE, "reach": reach}
"""
# What Lambda's runtime brings beside the standard library: boto3 and what that requires.
BROUGHT = ["boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"]


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return the inputs of a function with the code above."""

    def inputs(role: str, code: str = CODE) -> dict[str, Any]:
        archive = tmp_path / "code.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("code_under_test.py", code)
            file.writestr("beside.py", "VALUE = 'in the archive'\n")
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
    with pytest.raises(LocalError, match=r"narrow failed: .*AccessDenied"):
        apply(deployment, INVOCATION, "bad", functionName=name, input=json.dumps({"secret": forbidden}))


def test_a_call_that_fails_fails_the_deployment_with_the_functions_own_reason(
    deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]
) -> None:
    deployment = deploy()
    _, role = apply(deployment, ROLE, "failing", assumeRolePolicy=TRUST)
    name, _ = apply(deployment, FUNCTION, "failing", **function(role["arn"]))
    with pytest.raises(LocalError, match="failing failed: no key today"):
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


@pytest.mark.parametrize(
    "change", [{"environment": {"variables": {"LEVEL": "new"}}}, {"code": "new"}], ids=["setting", "code"]
)
def test_an_alias_answers_with_what_was_published_and_moves_to_what_is_published_next(
    deploy: Begin, apply: Apply, aws: Aws, function: Callable[..., dict[str, Any]], change: dict[str, Any]
) -> None:
    code = "import os\n\ndef handler(event, context): return ['old', os.environ.get('LEVEL', 'old')]\n"
    first = deploy()
    _, role = apply(first, ROLE, "named", assumeRolePolicy=TRUST)
    inputs = function(role["arn"], code) | {"publish": True}
    _, before = apply(first, FUNCTION, "named", **inputs)
    alias = {"functionName": "named", "name": "live"}
    created = apply(first, ALIAS, "named-live", functionVersion=before["version"], **alias)

    second = deploy()
    if "code" in change:
        change = function(role["arn"], code.replace("['old'", "['new'"))
    _, after = apply(second, FUNCTION, "named", **inputs | change)
    called = aws.client("lambda").invoke(FunctionName="named:live")["Payload"].read()
    assert json.loads(called) == ["old", "old"]
    moved = apply(second, ALIAS, "named-live", functionVersion=after["version"], **alias)
    called = aws.client("lambda").invoke(FunctionName="named:live")["Payload"].read()
    assert sorted(json.loads(called)) == ["new", "old"]
    assert (created[1]["arn"], created[1]["invokeArn"]) == (moved[1]["arn"], moved[1]["invokeArn"])
    assert before["version"] != after["version"]


def test_a_version_is_published_only_when_something_changed(
    deploy: Begin, apply: Apply, aws: Aws, function: Callable[..., dict[str, Any]]
) -> None:
    deployment = deploy()
    _, role = apply(deployment, ROLE, "same", assumeRolePolicy=TRUST)
    inputs = function(role["arn"]) | {"publish": True}
    _, first = apply(deployment, FUNCTION, "same", **inputs)
    _, second = apply(deploy(), FUNCTION, "same", **inputs, reservedConcurrentExecutions=5.0)
    assert first["version"] == second["version"] == "1"


def test_a_function_sees_its_archive_and_boto3_and_the_standard_library_and_nothing_else(
    deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]
) -> None:
    deployment = deploy()
    _, role = apply(deployment, ROLE, "looking", assumeRolePolicy=TRUST)
    name, _ = apply(deployment, FUNCTION, "looking", **function(role["arn"], LOOK))
    installed_here = ["moto", "ministack", "mypy", "pip", "pulumi", "pytest", "requests", "setuptools", "yaml"]
    ours = ["components", "local", "runtime", "tests"]
    names = [*BROUGHT, "json", "sqlite3", *installed_here, *ours]
    _, called = apply(deployment, INVOCATION, "look", functionName=name, input=json.dumps({"import": names}))
    seen = json.loads(called["result"])
    present = {name: name for name in [*BROUGHT, "json", "sqlite3"]}
    assert seen["found"] == present | {name: f"No module named '{name}'" for name in [*installed_here, *ours]}
    assert seen["beside"] == "in the archive"
    assert seen["reach"] == sorted([*BROUGHT, "beside", "code_under_test"])


def test_a_function_that_imports_what_its_archive_lacks_does_not_start(
    deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]
) -> None:
    deployment = deploy()
    _, role = apply(deployment, ROLE, "lacking", assumeRolePolicy=TRUST)
    name, _ = apply(deployment, FUNCTION, "lacking", **function(role["arn"], "import pytest\n" + CODE))
    with pytest.raises(LocalError, match=r"lacking failed: .*No module named 'pytest'"):
        apply(deployment, INVOCATION, "lacking", functionName=name, input="{}")


def test_boto3_is_the_one_that_is_pinned(deploy: Begin, apply: Apply, function: Callable[..., dict[str, Any]]) -> None:
    code = "import importlib.metadata as found\n\ndef handler(event, context): return found.version('boto3')\n"
    deployment = deploy()
    _, role = apply(deployment, ROLE, "versions", assumeRolePolicy=TRUST)
    name, _ = apply(deployment, FUNCTION, "versions", **function(role["arn"], code))
    _, called = apply(deployment, INVOCATION, "versions", functionName=name, input="{}")
    assert json.loads(called["result"]) == importlib.metadata.version("boto3")
