"""The log of the firewall: what it blocked and what it counted, without credentials."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement, policy
from components.location import Location

# AWS WAF sends logs only to groups whose names start with this.
PREFIX = "aws-waf-logs-"
# They hold tokens, sessions and the key of the edge. The query holds authorization codes.
REDACTED_HEADERS = ("authorization", "cookie", "x-api-key")
# The access log has every request. This one has those that a rule matched.
KEPT = ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogArgs:
    """The arguments of ``declare_log``.

    ``region`` is where the web ACL is, the stack's own if ``None``. ``kms_key_arn`` is a key in that region.
    """

    web_acl_arn: pulumi.Input[str]
    region: str | None
    location: Location
    retention_days: int
    kms_key_arn: pulumi.Input[str] | None
    tags: Mapping[str, str]


def declare_log(name: str, args: LogArgs, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Declare the log group, the permission to write to it, and what is written. Return the name of the group."""
    group = aws.cloudwatch.LogGroup(
        f"{PREFIX}{name}",
        retention_in_days=args.retention_days,
        kms_key_id=args.kms_key_arn,
        region=args.region,
        tags=args.tags,
        opts=opts,
    )
    permission = aws.cloudwatch.LogResourcePolicy(
        f"{name}-log-delivery",
        policy_name=f"{PREFIX}{name}",
        policy_document=policy(_delivery(group.arn, args)),
        region=args.region,
        opts=opts,
    )
    types = aws.wafv2
    redacted = [
        types.WebAclLoggingConfigurationRedactedFieldArgs(
            single_header=types.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs(name=header)
        )
        for header in REDACTED_HEADERS
    ]
    query = types.WebAclLoggingConfigurationRedactedFieldArgs(
        query_string=types.WebAclLoggingConfigurationRedactedFieldQueryStringArgs()  # type: ignore[no-untyped-call]
    )
    aws.wafv2.WebAclLoggingConfiguration(
        f"{name}-logging",
        resource_arn=args.web_acl_arn,
        log_destination_configs=[group.arn],
        redacted_fields=[*redacted, query],
        logging_filter=_filter(),
        region=args.region,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[permission])),
    )
    return group.name


def _delivery(group_arn: pulumi.Output[str], args: LogArgs) -> Statement:
    """Permit AWS WAF's log delivery for this account to write to the group (CloudWatch Logs, Vended logs)."""
    source = (
        pulumi.Output.format("arn:{0}:logs:{1}:{2}:*", args.location.partition, args.region, args.location.account_id)
        if args.region
        else args.location.arn("logs", "*")
    )
    return Statement(
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[pulumi.Output.concat(group_arn, ":log-stream:*")],
        service="delivery.logs.amazonaws.com",
        condition={
            "StringEquals": {"aws:SourceAccount": args.location.account_id},
            "ArnLike": {"aws:SourceArn": source},
        },
    )


def _filter() -> aws.wafv2.WebAclLoggingConfigurationLoggingFilterArgs:
    types = aws.wafv2
    conditions = [
        types.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs(
            action_condition=types.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs(
                action=action
            )
        )
        for action in KEPT
    ]
    kept = types.WebAclLoggingConfigurationLoggingFilterFilterArgs(
        behavior="KEEP", requirement="MEETS_ANY", conditions=conditions
    )
    return types.WebAclLoggingConfigurationLoggingFilterArgs(default_behavior="DROP", filters=[kept])
