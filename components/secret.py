"""Secrets that the program declares without a value."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.adoption import Adopted
from components.encryption import READ, Encryption
from components.iam import Statement

RECOVERY_DAYS = 30


def declare_secret(
    name: str,
    description: str,
    tags: Mapping[str, str],
    parent: pulumi.Resource,
    *,
    encryption: Encryption,
    deletion_protection: bool,
) -> aws.secretsmanager.Secret:
    """Declare a Secrets Manager secret.

    With ``deletion_protection``, Pulumi refuses to delete it, and whoever else does can restore it for 30 days.
    """
    return aws.secretsmanager.Secret(
        name,
        description=description,
        kms_key_id=encryption.key_arn,
        recovery_window_in_days=RECOVERY_DAYS if deletion_protection else 0,
        tags=tags,
        opts=pulumi.ResourceOptions(parent=parent, protect=deletion_protection),
    )


def allow_reading(secret: aws.secretsmanager.Secret | Adopted, encryption: Encryption) -> list[Statement]:
    """Return the permissions to read the value of a secret."""
    return [
        Statement(actions=["secretsmanager:GetSecretValue"], resources=[secret.arn]),
        *allow_using_key(secret, encryption, READ),
    ]


def allow_using_key(
    secret: aws.secretsmanager.Secret | Adopted, encryption: Encryption, actions: Sequence[str]
) -> list[Statement]:
    """Return the permission to use the key of a secret, if there is one, through Secrets Manager."""
    return encryption.allow(actions, "secretsmanager", "SecretARN", [secret.arn])
