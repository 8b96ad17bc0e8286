"""Tests of inputs that the program leaves to others after it created a resource, as the engine treats them."""

from collections.abc import Callable

from local.aws import Aws
from local.deployment import Deployment
from tests.local.conftest import Apply

Begin = Callable[[], Deployment]

TOPIC = "aws:sns/topic:Topic"


def display_name(aws: Aws, arn: str) -> str:
    return str(aws.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"])


def test_a_resource_is_created_with_an_ignored_input_and_keeps_it(aws: Aws, deploy: Begin, apply: Apply) -> None:
    for given in ("first", "second"):
        run = deploy()
        run.ignored[TOPIC, "kept"] = ("displayName",)
        arn, _ = apply(run, TOPIC, "kept", displayName=given)
        assert display_name(aws, arn) == "first"
    arn, _ = apply(deploy(), TOPIC, "kept", displayName="second")
    assert display_name(aws, arn) == "second"


def test_an_input_that_the_program_never_set_stays_unset_while_it_is_ignored(
    aws: Aws, deploy: Begin, apply: Apply
) -> None:
    apply(deploy(), TOPIC, "unset")
    run = deploy()
    run.ignored[TOPIC, "unset"] = ("displayName",)
    arn, _ = apply(run, TOPIC, "unset", displayName="new")
    assert display_name(aws, arn) == ""
