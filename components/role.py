"""The roles of a stack."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Condition, trust


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSettings:
    """What all roles of a stack share: their path, and the ARN of the policy that bounds their permissions, if any."""

    path: str
    permissions_boundary: str | None
    tags: Mapping[str, str]


def declare_role(
    name: str,
    service: str,
    settings: RoleSettings,
    opts: pulumi.ResourceOptions,
    condition: Condition | None = None,
) -> aws.iam.Role:
    """Declare a role that only ``service`` can assume, such as ``lambda.amazonaws.com``, under the ``condition``."""
    return aws.iam.Role(
        name,
        path=settings.path,
        permissions_boundary=settings.permissions_boundary,
        assume_role_policy=trust(service, condition),
        tags=settings.tags,
        opts=opts,
    )
