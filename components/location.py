"""The AWS account and region of the stack."""

from dataclasses import dataclass, field
from typing import Self

import pulumi
import pulumi_aws as aws

# The consoles of the partitions that have another one.
CONSOLES = {
    "aws-cn": "https://console.amazonaws.cn",
    "aws-us-gov": "https://console.amazonaws-us-gov.com",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an AWS provider works, asked while the program decides what to declare.

    ``options`` name the provider, or a component that has one. Without them, it is the default provider.
    """

    options: pulumi.InvokeOptions | None = None

    def partition(self) -> str:
        """Return the partition: ``aws``, ``aws-cn`` or ``aws-us-gov``."""
        return str(aws.get_partition(opts=self.options).partition)

    def region(self) -> str:
        return str(aws.get_region(opts=self.options).region)

    def account_id(self) -> str:
        return str(aws.get_caller_identity(opts=self.options).account_id)


@dataclass(frozen=True, slots=True)
class Location:
    """The account, region and partition (``aws``, ``aws-cn``, ``aws-us-gov``) in ARNs, and the domain of the
    partition's endpoints. ``place`` has them while the program decides what to declare."""

    account_id: pulumi.Output[str]
    region: pulumi.Output[str]
    partition: pulumi.Output[str]
    dns_suffix: pulumi.Output[str]
    place: Place = field(default_factory=Place)

    @classmethod
    def of(cls, place: Place) -> Self:
        """Return the location of the AWS provider of ``place``."""
        opts = place.options
        partition = aws.get_partition_output(opts=opts)
        return cls(
            account_id=aws.get_caller_identity_output(opts=opts).account_id,
            region=aws.get_region_output(opts=opts).region,
            partition=partition.partition,
            dns_suffix=partition.dns_suffix,
            place=place,
        )

    @property
    def console(self) -> pulumi.Output[str]:
        """The URL of the AWS console of the partition."""
        return self.partition.apply(lambda name: CONSOLES.get(name, "https://console.aws.amazon.com"))

    def arn(self, service: str, resource: pulumi.Input[str]) -> pulumi.Output[str]:
        """Return the ARN of a resource, or of a pattern of resources, in this account and region."""
        return pulumi.Output.format(
            "arn:{0}:{1}:{2}:{3}:{4}", self.partition, service, self.region, self.account_id, resource
        )

    @property
    def account_root(self) -> pulumi.Output[str]:
        """The principal that stands for everybody in the account whom IAM policies permit something."""
        return pulumi.Output.format("arn:{0}:iam::{1}:root", self.partition, self.account_id)

    def via(self, service: str) -> pulumi.Output[str]:
        """Return a pattern of what ``kms:ViaService`` is when a service of this region uses a key for its caller.

        Only the rest of the partition's domain follows, such as ``.cn``.
        """
        return pulumi.Output.concat(service, ".", self.region, ".amazonaws.com*")
