"""The role that API Gateway writes logs with: one setting per account and region."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement, policy
from components.location import Location
from components.role import RoleSettings, declare_role


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAccountArgs:
    """The arguments of ``GatewayAccount``."""

    location: Location
    roles: RoleSettings


class GatewayAccount(pulumi.ComponentResource):
    """API Gateway's account setting.

    Every REST API of the account and region shares it, so the setting and its role remain when the stack is destroyed.
    """

    def __init__(self, name: str, args: GatewayAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:GatewayAccount", name, {}, opts)
        shared = pulumi.ResourceOptions(parent=self, retain_on_delete=True)
        role = declare_role(name, "apigateway.amazonaws.com", args.roles, shared)
        role_policy = aws.iam.RolePolicy(
            f"{name}-policy", role=role.name, policy=policy(_write_logs(args.location)), opts=shared
        )
        aws.apigateway.Account(
            f"{name}-setting",
            cloudwatch_role_arn=role.arn,
            opts=pulumi.ResourceOptions.merge(shared, pulumi.ResourceOptions(depends_on=[role_policy])),
        )
        self.register_outputs({})


def _write_logs(location: Location) -> Statement:
    """Return the permissions of AmazonAPIGatewayPushToCloudWatchLogs for the log groups of this account and region."""
    return Statement(
        actions=[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
        ],
        resources=[location.arn("logs", "*")],
    )
