"""The secrets of an app: those that the stack makes, without a value, and those that exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.encryption import Encryption
from components.iam import Statement
from components.secret import allow_reading, declare_secret


@dataclass(frozen=True, slots=True)
class AppSecret:
    """A secret of an app: its ARN, and the permissions to read its value."""

    arn: pulumi.Input[str]
    allow_reading: Sequence[Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSecrets:
    """Declares each secret once, however many functions read it."""

    prefix: str
    tags: Mapping[str, str]
    encryption: Encryption
    deletion_protection: bool
    parent: pulumi.Resource
    known: dict[str, AppSecret] = field(default_factory=dict)

    def declare(self, name: str, arn: pulumi.Input[str] | None) -> AppSecret:
        """Return the secret ``name``: the one with this ``arn``, or else one that the stack makes.

        Two functions may name it. What the first one says of its ARN holds for both.
        """
        if name not in self.known:
            self.known[name] = self._make(name) if arn is None else _existing(arn)
        return self.known[name]

    def _make(self, name: str) -> AppSecret:
        secret = declare_secret(
            f"{self.prefix}-app-{name}",
            f"{name}, which the tools of this server read",
            self.tags,
            self.parent,
            encryption=self.encryption,
            deletion_protection=self.deletion_protection,
        )
        return AppSecret(secret.arn, allow_reading(secret, self.encryption))


def _existing(arn: pulumi.Input[str]) -> AppSecret:
    return AppSecret(arn, [Statement(actions=["secretsmanager:GetSecretValue"], resources=[arn])])
