"""Tests of what an app declares and the local stack does not know."""

import json
from collections.abc import Callable
from pathlib import Path

import pulumi_aws as aws
import pytest

from local.aws import Aws
from local.deployment import Deployment
from local.errors import LocalError
from local.left_out import FUNCTION, ROLE_POLICY
from local.state import State
from tests.local.conftest import Apply
from tests.support.local_stack import LocalStack

Begin = Callable[[], Deployment]

QUEUE, TOPIC, SUBSCRIPTION = "aws:sqs/queue:Queue", "aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription"


def own(deployment: Deployment, kind: str, name: str, resource: type | None = None) -> None:
    """Make a resource one of the app."""
    deployment.left_out.own.add((kind, name))
    if resource:
        deployment.left_out.classes[kind, name] = resource


def test_a_type_it_does_not_know_is_left_out_if_an_app_declares_it(deploy: Begin, apply: Apply, state: State) -> None:
    deployment = deploy()
    own(deployment, QUEUE, "jobs", aws.sqs.Queue)
    identifier, outputs = apply(deployment, QUEUE, "jobs", visibilityTimeoutSeconds=30)
    assert "left-out" in identifier
    assert outputs["visibilityTimeoutSeconds"] == 30
    assert "left-out" in outputs["url"]
    assert outputs["arn"].startswith("arn:aws:sqs:eu-central-1:")
    assert (outputs["maxMessageSize"], outputs["fifoQueue"], outputs["tagsAll"]) == (0, False, {})
    assert deployment.failure is None
    assert state.resources == {}
    [line] = deployment.left_out.lines()
    assert line.startswith(f"{QUEUE} jobs: the local stack does not support this resource type")


def test_an_input_it_does_not_know_leaves_the_resource_of_an_app_out(deploy: Begin, apply: Apply, state: State) -> None:
    apply(deploy(), TOPIC, "news")
    deployment = deploy()
    own(deployment, TOPIC, "news")
    apply(deployment, TOPIC, "news", fifoTopic=True)
    deployment.prune()
    assert state.resources == {}
    assert "the input fifoTopic" in next(deployment.left_out.lines())


def test_what_is_made_of_it_is_left_out_too(deploy: Begin, apply: Apply) -> None:
    deployment = deploy()
    own(deployment, QUEUE, "jobs", aws.sqs.Queue)
    own(deployment, SUBSCRIPTION, "news-to-jobs")
    _, queue = apply(deployment, QUEUE, "jobs")
    apply(deployment, SUBSCRIPTION, "news-to-jobs", endpoint=queue["arn"], protocol="sqs", topic="arn:aws:sns:x:1:news")
    assert [line.partition(";")[0] for line in deployment.left_out.lines()][1] == (
        f"{SUBSCRIPTION} news-to-jobs: it is made of jobs, which is left out"
    )


def test_the_functions_whose_tools_are_affected_are_named(aws: Aws) -> None:
    left_out = Deployment(aws, State.__new__(State), "remote-mcp-dev-").left_out
    _, outputs = left_out.leave_out(QUEUE, "jobs", {}, "unknown")
    left_out.leave_out(QUEUE, "idle", {}, "unknown")
    left_out.note_use(FUNCTION, "remote-mcp-dev-mcp", {"environment": {"variables": {"QUEUE": outputs["arn"]}}})
    left_out.note_use(ROLE_POLICY, "remote-mcp-dev-tool-billing-policy", {"policy": json.dumps([outputs["arn"]])})
    left_out.note_use(FUNCTION, "remote-mcp-dev-oauth", {"environment": {}})
    jobs, idle = left_out.lines()
    assert jobs == f"{QUEUE} jobs: unknown; the tools of mcp and tool-billing that use it fail here"
    assert idle == f"{QUEUE} idle: unknown"


def test_what_this_project_declares_and_it_does_not_know_stays_an_error(deploy: Begin, apply: Apply) -> None:
    deployment = deploy()
    own(deployment, QUEUE, "jobs")
    with pytest.raises(LocalError, match="does not support this resource type"):
        apply(deployment, QUEUE, "another")


QUEUE_APP = """
import pulumi_aws as aws

from components.needs import Needs


def declare(needs: Needs) -> None:
    queue = aws.sqs.Queue("jobs")
    needs.allow("sqs:SendMessage", queue.arn)
    needs.environment("JOBS", queue.url)
    aws.s3.Bucket("files")
"""


@pytest.mark.stack
def test_the_command_leaves_out_what_an_app_declares_and_starts_the_rest(tmp_path: Path) -> None:
    (tmp_path / "needs.py").write_text(QUEUE_APP)
    stack = LocalStack(tmp_path / "stack", config={"appNeeds": str(tmp_path / "needs.py")})
    try:
        printed = stack.up()
        assert f"Left out {QUEUE} jobs: the local stack does not support this resource type" in printed
        assert "the tools of mcp and worker that use it fail here" in printed
        assert "s3 bucket            files" in printed
        mcp = stack.client("lambda").get_function_configuration(FunctionName="remote-mcp-dev-mcp")
        assert mcp["Environment"]["Variables"]["JOBS"] == "left-out-Queue-jobs-url"
    finally:
        stack.down()
