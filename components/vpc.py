"""The network that a function joins, and what its role needs for that."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement

MANAGE_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
# Lambda makes and removes the network interfaces with the role of the function. Describing them works only on "*", and
# the others are on it in AWS's policy for this, AWSLambdaVPCAccessExecutionRole.
# AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC". The same page has the
# prohibition: Lambda needs these permissions, and the code of the function does not. Its calls alone have the key.
JOINING = (
    Statement(actions=MANAGE_INTERFACES, resources=["*"]),
    Statement(
        effect="Deny",
        actions=MANAGE_INTERFACES,
        resources=["*"],
        condition={"Null": {"lambda:SourceFunctionArn": "false"}},
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """The subnets and security groups of a function. With ``ipv6``, it also has addresses of IPv6.

    ``endpoints`` are the AWS services for which the stack makes endpoints: ``True`` for those that the functions call
    as far as it knows. Those for DynamoDB and S3 are routes in ``route_table_ids``. ``routes`` are the endpoints.
    """

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    ipv6: bool = False
    endpoints: bool | Sequence[str] = False
    route_table_ids: pulumi.Input[Sequence[pulumi.Input[str]]] = ()
    routes: Sequence[pulumi.Resource] = ()

    @property
    def config(self) -> aws.lambda_.FunctionVpcConfigArgs:
        """The network of a Lambda function as the AWS provider takes it."""
        return aws.lambda_.FunctionVpcConfigArgs(
            subnet_ids=self.subnet_ids,
            security_group_ids=self.security_group_ids,
            ipv6_allowed_for_dual_stack=True if self.ipv6 else None,
        )
