"""The network that a function joins, and what its role needs for that."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement

# Lambda makes and removes the network interfaces with the role of the function. It accepts only "*" for them.
# AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
ALLOW_JOINING = Statement(
    actions=[
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ],
    resources=["*"],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """The subnets and security groups of a function.

    With ``endpoints``, the stack makes endpoints for the AWS services that the function calls. Those for DynamoDB and
    S3 are routes in ``route_table_ids``.
    """

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    endpoints: bool = False
    route_table_ids: pulumi.Input[Sequence[pulumi.Input[str]]] = ()

    @property
    def config(self) -> aws.lambda_.FunctionVpcConfigArgs:
        """The network of a Lambda function as the AWS provider takes it."""
        return aws.lambda_.FunctionVpcConfigArgs(subnet_ids=self.subnet_ids, security_group_ids=self.security_group_ids)
