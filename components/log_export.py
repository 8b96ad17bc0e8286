"""The export of all logs to what the owner's organisation has."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement, policy
from components.location import Location
from components.log_destination import FIREHOSE, KINESIS, LAMBDA, LogDestination
from components.role import RoleSettings, declare_role

LOGS = "logs.amazonaws.com"
# CloudWatch Logs User Guide, Log group-level subscription filters.
ACTIONS = {FIREHOSE: ("firehose:PutRecord", "firehose:PutRecordBatch"), KINESIS: ("kinesis:PutRecord",)}
EVERY_LINE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogExportArgs:
    """The arguments of ``LogExport``. ``log_groups`` has the names of the log groups by what is in them."""

    location: Location
    destination: LogDestination
    log_groups: Mapping[str, pulumi.Input[str]]
    roles: RoleSettings


class LogExport(pulumi.ComponentResource):
    """One subscription filter for each log group, which sends every line to the same destination.

    CloudWatch Logs puts records into a stream with a role, and invokes a function with its permission. To a
    destination of CloudWatch Logs, the policy of that destination admits this account.
    """

    def __init__(self, name: str, args: LogExportArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:LogExport", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_arn, needs = None, list[pulumi.Resource]()
        if args.destination.service in ACTIONS:
            role, role_policy = _declare_role(name, args, child)
            role_arn, needs = role.arn, [role_policy]
        for key, log_group in args.log_groups.items():
            if args.destination.service == LAMBDA:
                needs = [_allow_invoking(f"{name}-{key}", args, log_group, child)]
            aws.cloudwatch.LogSubscriptionFilter(
                f"{name}-{key}",
                log_group=log_group,
                filter_pattern=EVERY_LINE,
                destination_arn=args.destination.arn,
                role_arn=role_arn,
                # CloudWatch Logs sends a first message to see whether it may.
                opts=pulumi.ResourceOptions(parent=self, depends_on=needs),
            )
        self.register_outputs({})


def _declare_role(
    name: str, args: LogExportArgs, opts: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """Declare the role with which CloudWatch Logs puts records into the stream, for this account's log groups only."""
    source = {"StringLike": {"aws:SourceArn": args.location.arn("logs", "*")}}
    role = declare_role(name, LOGS, args.roles, opts, source)
    put = Statement(actions=ACTIONS[args.destination.service], resources=[args.destination.arn])
    return role, aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=policy(put), opts=opts)


def _allow_invoking(
    name: str, args: LogExportArgs, log_group: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> aws.lambda_.Permission:
    function, qualifier = args.destination.function
    return aws.lambda_.Permission(
        f"{name}-invoke",
        action="lambda:InvokeFunction",
        function=function,
        qualifier=qualifier,
        principal=LOGS,
        source_account=args.location.account_id,
        source_arn=args.location.arn("logs", pulumi.Output.concat("log-group:", log_group, ":*")),
        opts=opts,
    )
