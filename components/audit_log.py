"""Where security events are kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import Statement
from runtime.deployment import AUDIT_STREAM


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLogArgs:
    """How many days an event is kept."""

    retention_days: int
    tags: Mapping[str, str]


class AuditLog(pulumi.ComponentResource):
    """A log group with the one stream that security events go to.

    The stream is declared, so that whoever writes needs no leave to create any: ``allow_writing`` lets events be added
    to this stream, and nothing be read, changed or removed.
    """

    name: pulumi.Output[str]
    environment: dict[str, pulumi.Input[str]]
    allow_writing: Statement

    def __init__(self, name: str, args: AuditLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:AuditLog", name, {}, opts)
        group = aws.cloudwatch.LogGroup(
            name,
            retention_in_days=args.retention_days,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        stream = aws.cloudwatch.LogStream(
            f"{name}-{AUDIT_STREAM}",
            name=AUDIT_STREAM,
            log_group_name=group.name,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = group.name
        # By the stream, so that it is there before the first event.
        self.environment = {"AUDIT_LOG_GROUP": stream.log_group_name}
        self.allow_writing = Statement(
            actions=["logs:PutLogEvents"],
            # AWS asks for the stream, the emulator for the group; on AWS the group's own name lets nobody write.
            resources=[pulumi.Output.concat(group.arn, ":log-stream:", stream.name), group.arn],
        )
        self.register_outputs({"name": self.name})
