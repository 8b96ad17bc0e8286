"""Tests of functions on the emulator and of the resources attached to them."""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from local.deployment import Deployment
from tests.local.conftest import Apply

Begin = Callable[[], Deployment]

FUNCTION = "aws:lambda/function:Function"
QUEUE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"


@pytest.fixture
def inputs(tmp_path: Path, aws: Aws) -> Iterator[dict[str, Any]]:
    """Return the inputs of a function that does nothing."""
    iam = aws.client("iam")
    role = iam.create_role(RoleName="idle", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"}))["Role"]
    archive = tmp_path / "code.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("idle.py", "def handler(event, context):\n    return None\n")
    yield {
        "role": role["Arn"],
        "code": pulumi.FileArchive(str(archive)),
        "handler": "idle.handler",
        "runtime": "python3.11",
    }
    iam.delete_role(RoleName="idle")


def queue(aws: Aws, function: str) -> tuple[int, int]:
    """Return how long an asynchronous invocation waits, in seconds, and how often it is retried."""
    found = aws.client("lambda").get_function_event_invoke_config(FunctionName=function)
    return found["MaximumEventAgeInSeconds"], found["MaximumRetryAttempts"]


def test_how_asynchronous_invocations_wait_is_put_changed_and_taken_away(
    aws: Aws, deploy: Begin, apply: Apply, inputs: dict[str, Any]
) -> None:
    first = deploy()
    function, _ = apply(first, FUNCTION, "waits", **inputs)
    apply(first, QUEUE, "queue", functionName=function, maximumEventAgeInSeconds=120.0, maximumRetryAttempts=0.0)
    assert queue(aws, function) == (120, 0)

    second = deploy()
    apply(second, FUNCTION, "waits", **inputs)
    apply(second, QUEUE, "queue", functionName=function, maximumEventAgeInSeconds=60.0, maximumRetryAttempts=1.0)
    assert queue(aws, function) == (60, 1)

    third = deploy()
    apply(third, FUNCTION, "waits", **inputs)
    third.prune()
    with pytest.raises(ClientError, match="doesn't have an EventInvokeConfig"):
        queue(aws, function)


@pytest.mark.parametrize("change", [{"timeout": 30.0}, {"handler": "other.handler"}], ids=["setting", "handler"])
def test_how_asynchronous_invocations_wait_outlives_a_change_of_the_function(
    aws: Aws, deploy: Begin, apply: Apply, inputs: dict[str, Any], change: dict[str, Any]
) -> None:
    for changes in ({}, change):
        run = deploy()
        function, _ = apply(run, FUNCTION, "waits", **inputs | changes)
        apply(run, QUEUE, "queue", functionName=function, maximumEventAgeInSeconds=120.0, maximumRetryAttempts=0.0)
    assert queue(aws, function) == (120, 0)
