"""The table with all data of the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.adoption import Promises, adopt_table
from components.encryption import READ, Encryption
from components.iam import Condition, Statement
from runtime.deployment import EXPIRY, PARTITION_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreArgs:
    """The arguments of ``Store``. ``existing`` names the table that the stack uses instead of its own."""

    existing: str | None
    encryption: Encryption
    point_in_time_recovery: bool
    deletion_protection: bool
    tags: Mapping[str, str]


class Store(pulumi.ComponentResource):
    """A DynamoDB table, billed per request: one partition key ``pk``, items expire by ``expires_at``, encrypted.

    Whoever uses it needs ``allow_decrypting`` besides what ``allow`` returns. With ``existing``, ``name`` and ``arn``
    are those of that table. The stack's own one stays as it is: a setting must not delete data, and the way back is to
    remove the setting.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    allow_decrypting: Sequence[Statement]

    def __init__(self, name: str, args: StoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Store", name, {}, opts)
        table = aws.dynamodb.Table(
            name,
            billing_mode="PAY_PER_REQUEST",
            hash_key=PARTITION_KEY,
            attributes=[aws.dynamodb.TableAttributeArgs(name=PARTITION_KEY, type="S")],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name=EXPIRY, enabled=True),
            # Not "off": DynamoDB encrypts every table. False is its own key, which is free.
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(
                enabled=args.encryption.key_arn is not None, kms_key_arn=args.encryption.key_arn
            ),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=args.point_in_time_recovery),
            deletion_protection_enabled=args.deletion_protection,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        used = table if args.existing is None else adopt_table(args.existing, _promises(args), args.encryption)
        self.name = used.name
        self.arn = used.arn
        self.allow_decrypting = args.encryption.allow(READ, "dynamodb", "aws:dynamodb:tableName", [used.name])
        self.register_outputs({"name": self.name, "arn": self.arn})

    def allow(self, actions: Sequence[str], *prefixes: str) -> Statement:
        """Return the permission for DynamoDB ``actions`` on items whose key starts with one of ``prefixes``."""
        return Statement(
            actions=[f"dynamodb:{action}" for action in actions],
            resources=[self.arn],
            condition=_leading_keys(prefixes),
        )

    def allow_together(self, actions: Sequence[str], *prefixes: str) -> Statement:
        """Return the permission to write items of ``prefixes`` in one transaction, and only there.

        DynamoDB checks each write of a transaction as its own action. AWS does not document which keys
        ``dynamodb:LeadingKeys`` has then: the key of the one item, none (``ForAllValues`` is true of nothing), or the
        keys of all items. For the last, a statement must have all prefixes, and this one permits the writes in any
        case. ``dynamodb:EnclosingOperation`` is absent elsewhere, and ``ForAnyValue`` is false of nothing.
        """
        return Statement(
            actions=[f"dynamodb:{action}" for action in actions],
            resources=[self.arn],
            condition={
                **_leading_keys(prefixes),
                "ForAnyValue:StringEquals": {"dynamodb:EnclosingOperation": ["TransactWriteItems"]},
            },
        )


def _promises(args: StoreArgs) -> Promises:
    return Promises(recovery=args.point_in_time_recovery, protection=args.deletion_protection)


def _leading_keys(prefixes: Sequence[str]) -> Condition:
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{prefix}*" for prefix in prefixes]}}
