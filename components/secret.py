"""Secrets that the program declares without a value."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.iam import Statement

RECOVERY_DAYS = 30


def declare_secret(
    name: str, description: str, tags: Mapping[str, str], parent: pulumi.Resource, *, deletion_protection: bool
) -> aws.secretsmanager.Secret:
    """Declare a Secrets Manager secret.

    With ``deletion_protection``, Pulumi refuses to delete it, and whoever else does can restore it for 30 days.
    """
    return aws.secretsmanager.Secret(
        name,
        description=description,
        recovery_window_in_days=RECOVERY_DAYS if deletion_protection else 0,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent, protect=deletion_protection),
    )


def allow_reading(secret: aws.secretsmanager.Secret) -> Statement:
    """Return the permission to read the value of a secret."""
    return Statement(actions=["secretsmanager:GetSecretValue"], resources=[secret.arn])
