"""The SNS topic that alarms go to: one of the stack's own, or one that exists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.config_checks import problem
from components.encryption import Encryption
from components.iam import Statement, policy
from components.location import Location, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicArgs:
    """Where alarms go. ``arn`` is that of an existing topic, ``email`` an address that subscribes to the own one."""

    location: Location
    encryption: Encryption
    arn: str | None
    email: str | None
    tags: Mapping[str, str]


def declare_topic(name: str, args: TopicArgs, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Return the ARN of the topic, and declare it unless it exists. Only alarms of this account can publish to it.

    Without ``kmsKey``, the topic is not encrypted with KMS: alarms cannot publish to a topic with the AWS managed key,
    and the names of alarms are not secret.
    """
    if args.arn:
        return pulumi.Output.from_input(args.arn)
    topic = aws.sns.Topic(f"{name}-alarms", kms_master_key_id=args.encryption.key_arn, tags=args.tags, opts=opts)
    publish = Statement(
        actions=["sns:Publish"],
        resources=[topic.arn],
        service="cloudwatch.amazonaws.com",
        condition={
            "StringEquals": {"aws:SourceAccount": args.location.account_id},
            "ArnLike": {"aws:SourceArn": args.location.arn("cloudwatch", "alarm:*")},
        },
    )
    aws.sns.TopicPolicy(f"{name}-alarms-policy", arn=topic.arn, policy=policy(publish), opts=opts)
    if args.email:
        aws.sns.TopicSubscription(
            f"{name}-alarms-email", topic=topic.arn, protocol="email", endpoint=args.email, opts=opts
        )
    return topic.arn


def wrong_alarm_topic(values: Mapping[str, Any], place: Place) -> Iterator[str]:
    """Report an existing topic that alarms cannot publish to, and an address that would not be subscribed to it."""
    arn = values["alarmTopicArn"]
    if arn is None:
        return
    if values["alarmEmail"] is not None:
        allowed = "not set together with alarmTopicArn; subscribe the address to that topic, or remove alarmTopicArn"
        yield problem("alarmEmail", values["alarmEmail"], allowed)
    if arn.split(":")[3] != place.region():
        yield problem("alarmTopicArn", arn, f"a topic in {place.region()}, because alarms publish only in their region")
