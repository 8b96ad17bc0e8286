"""The KMS key of a stack and its policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Condition, Statement, policy
from components.location import Location

# AWS KMS API Reference, ScheduleKeyDeletion: 7 to 30.
PROTECTED_DAYS, UNPROTECTED_DAYS = 30, 7
# In the policy of a key, this means the key.
THIS_KEY = "*"
# Everything but the use of the key: nobody in the account can decrypt with it directly, not even an administrator.
ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
ENCRYPT_AND_DECRYPT = (
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
# Through which the account uses the key. The files of a trail stay in S3 when the trail is turned off.
SERVICES = ("dynamodb", "logs", "s3", "secretsmanager")
# Amazon SNS Developer Guide, Enable compatibility between event sources from AWS services and encrypted topics.
PUBLISH = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKeyArgs:
    """The arguments of ``EncryptionKey``.

    The names of what it encrypts start with ``prefix``. ``trail_name`` is that of the trail, if there is one.
    """

    location: Location
    prefix: str
    trail_name: str | None
    deletion_protection: bool
    tags: Mapping[str, str]


class EncryptionKey(pulumi.ComponentResource):
    """A KMS key that rotates every year, and its alias.

    What it encrypts needs the key first, so the policy knows log groups, the topic and the trail by the patterns of
    their names, and the table and the secrets by the service through which the account uses them.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:EncryptionKey", name, {}, opts)
        key = aws.kms.Key(
            name,
            description=f"Encrypts the data of the remote MCP server {args.prefix}",
            policy=policy(*key_policy(args)),
            enable_key_rotation=True,
            deletion_window_in_days=PROTECTED_DAYS if args.deletion_protection else UNPROTECTED_DAYS,
            tags=args.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.deletion_protection,
                # The bucket of the trail stays, and nobody could read it without the key.
                retain_on_delete=args.trail_name is not None,
            ),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args.prefix}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def key_policy(args: EncryptionKeyArgs) -> Iterator[Statement]:
    """Return who may administer the key, and who may use it for what."""
    location = args.location
    yield Statement(actions=ADMINISTER, resources=[THIS_KEY], account=location.account_root)
    yield Statement(
        # DynamoDB Developer Guide, Key policy for a customer managed key.
        actions=(*ENCRYPT_AND_DECRYPT, "kms:CreateGrant", "kms:DescribeKey"),
        resources=[THIS_KEY],
        account=location.account_root,
        condition={"StringLike": {"kms:ViaService": [location.via(service) for service in SERVICES]}},
    )
    # AWS WAF prescribes how the names of its log groups start.
    groups = [location.arn("logs", f"log-group:{start}{args.prefix}-*") for start in ("", "aws-waf-logs-")]
    yield Statement(
        actions=ENCRYPT_AND_DECRYPT,
        resources=[THIS_KEY],
        service=pulumi.Output.format("logs.{0}.{1}", location.region, location.dns_suffix),
        condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
    yield Statement(
        actions=PUBLISH,
        resources=[THIS_KEY],
        service="cloudwatch.amazonaws.com",
        condition={"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": location.arn("sns", f"{args.prefix}-*")}},
    )
    if args.trail_name:
        yield from _deliver_trail(location, args.trail_name)


def _deliver_trail(location: Location, trail_name: str) -> Iterator[Statement]:
    """Return what CloudTrail needs. AWS CloudTrail User Guide, Configure AWS KMS key policies for CloudTrail."""
    from_trail: Condition = {"StringEquals": {"aws:SourceArn": location.arn("cloudtrail", f"trail/{trail_name}")}}
    # It delivers the events of every region.
    anywhere = pulumi.Output.format(
        "arn:{0}:cloudtrail:*:{1}:trail/{2}", location.partition, location.account_id, trail_name
    )
    context = {"ArnLike": {"kms:EncryptionContext:aws:cloudtrail:arn": anywhere}}
    cloudtrail = "cloudtrail.amazonaws.com"
    yield Statement(
        actions=["kms:GenerateDataKey"], resources=[THIS_KEY], service=cloudtrail, condition={**from_trail, **context}
    )
    yield Statement(actions=["kms:DescribeKey"], resources=[THIS_KEY], service=cloudtrail, condition=from_trail)
