"""IAM policy documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

Condition = Mapping[str, Mapping[str, pulumi.Input[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One permission, or a prohibition if ``effect`` is ``Deny``.

    ``service`` is the AWS service that a trust or resource policy admits, and ``account`` the ARN of the root of the
    account whose IAM policies decide who uses it. ``everybody`` is for prohibitions.
    """

    actions: Sequence[pulumi.Input[str]]
    resources: Sequence[pulumi.Input[str]] = ()
    service: pulumi.Input[str] | None = None
    account: pulumi.Input[str] | None = None
    everybody: bool = False
    effect: str = "Allow"
    condition: Condition = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the statement as IAM writes it, without members that do not apply."""
        members = {
            "Effect": self.effect,
            "Principal": self._principal(),
            "Action": list(self.actions),
            "Resource": list(self.resources),
            "Condition": self.condition,
        }
        return {name: value for name, value in members.items() if value}

    def _principal(self) -> str | dict[str, pulumi.Input[str]]:
        if self.everybody:
            return "*"
        principals = {"Service": self.service, "AWS": self.account}
        return {kind: principal for kind, principal in principals.items() if principal is not None}


def policy(*statements: Statement) -> pulumi.Output[str]:
    """Return the JSON policy document of the ``statements``."""
    return pulumi.Output.json_dumps(
        {"Version": "2012-10-17", "Statement": [statement.document() for statement in statements]}
    )


def trust(service: str, condition: Condition | None = None) -> pulumi.Output[str]:
    """Return the trust policy of a role that only ``service`` can assume, under the ``condition``.

    By default it has no ``aws:SourceAccount`` condition: neither Lambda nor API Gateway documents that it sends one
    when it assumes a role. Only a principal of the same account can pass a role to them (``iam:PassRole``).
    """
    return policy(Statement(actions=["sts:AssumeRole"], service=service, condition=condition or {}))
