"""IAM policy documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

Condition = Mapping[str, Mapping[str, pulumi.Input[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that is allowed. ``service`` is the AWS service a trust or resource policy admits."""

    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]] = ()
    service: str | None = None
    condition: Condition = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The statement as IAM spells it, without the members that do not apply."""
        members = {
            "Effect": "Allow",
            "Principal": {"Service": self.service} if self.service else None,
            "Action": list(self.actions),
            "Resource": list(self.resources),
            "Condition": self.condition,
        }
        return {name: value for name, value in members.items() if value}


def policy(*statements: Statement) -> pulumi.Output[str]:
    """The JSON policy document that allows ``statements`` and nothing else."""
    return pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [statement.document() for statement in statements]}
    )


def trust(service: str) -> pulumi.Output[str]:
    """The trust policy of a role that only ``service`` can assume.

    No ``aws:SourceAccount`` condition: neither Lambda nor API Gateway documents that it sends one when it assumes a
    role, and a role can only be handed to them by a principal of its own account (``iam:PassRole``).
    """
    return policy(Statement(actions=["sts:AssumeRole"], service=service))
