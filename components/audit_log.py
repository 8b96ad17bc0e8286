"""The log group for security events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.encryption import WRITE, Encryption
from components.iam import Statement
from runtime.deployment import AUDIT_STREAM


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLogArgs:
    """The arguments of ``AuditLog``. ``retention_days`` is how long CloudWatch keeps an event."""

    encryption: Encryption
    retention_days: int
    deletion_protection: bool
    tags: Mapping[str, str]


class AuditLog(pulumi.ComponentResource):
    """A log group with one stream for security events.

    The program declares the stream, so functions need no permission to create one. ``allow_writing`` permits adding
    events to this stream, and neither reading, changing nor deleting them.
    """

    name: pulumi.Output[str]
    environment: dict[str, pulumi.Input[str]]
    allow_writing: Sequence[Statement]

    def __init__(self, name: str, args: AuditLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:AuditLog", name, {}, opts)
        group = aws.cloudwatch.LogGroup(
            name,
            retention_in_days=args.retention_days,
            kms_key_id=args.encryption.key_arn,
            # Left out, it would stay as it is: the provider turns it off only for an explicit False.
            deletion_protection_enabled=args.deletion_protection,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        stream = aws.cloudwatch.LogStream(
            f"{name}-{AUDIT_STREAM}",
            name=AUDIT_STREAM,
            log_group_name=group.name,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = group.name
        # From the stream, so that Pulumi creates the stream before the functions.
        self.environment = {"AUDIT_LOG_GROUP": stream.log_group_name}
        self.allow_writing = [
            Statement(
                actions=["logs:PutLogEvents"], resources=[pulumi.Output.concat(group.arn, ":log-stream:", stream.name)]
            ),
            *args.encryption.allow(WRITE, "logs", "aws:logs:arn", [group.arn]),
        ]
        self.register_outputs({"name": self.name})
