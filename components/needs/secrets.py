"""The secrets of an app: those that the stack makes, without a value, and those that exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.encryption import READ, Encryption
from components.iam import Statement
from components.location import Location
from components.secret import allow_reading, declare_secret

# How the environment of a function says where a secret is: its ARN, or its ARN and the member of the JSON there.
Place = pulumi.Input[str] | list[pulumi.Input[str]]


@dataclass(frozen=True, slots=True)
class Existing:
    """A secret of Secrets Manager or a parameter of Systems Manager that exists.

    ``key`` is the member of the JSON object that it holds, and ``kms_key`` the ARN of the KMS key that encrypts it, if
    that is not AWS's own.
    """

    arn: pulumi.Input[str]
    key: str | None
    kms_key: pulumi.Input[str] | None


@dataclass(frozen=True, slots=True)
class AppSecret:
    """A secret of an app: where it is, and the permissions to read its value."""

    place: Place
    allow_reading: Sequence[Statement]
    existing: Existing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSecrets:
    """Declares each secret once, however many functions read it. ``made`` are the ARNs of those that the stack makes.

    A function can read a secret only if it names it.
    """

    prefix: str
    tags: Mapping[str, str]
    encryption: Encryption
    deletion_protection: bool
    parent: pulumi.Resource
    known: dict[str, AppSecret] = field(default_factory=dict)
    made: dict[str, pulumi.Output[str]] = field(default_factory=dict)

    def declare(self, name: str, existing: Existing | None) -> AppSecret:
        """Return the secret ``name``: the ``existing`` one, or else one that the stack makes.

        Two functions may name it. What the first one says of its ARN holds for both.
        """
        if name not in self.known:
            self.known[name] = self._make(name) if existing is None else self._allow(existing)
        return self.known[name]

    def wrong(self, name: str, existing: Existing | None) -> str | None:
        """Look at a secret that another function has named before, or that no function could read."""
        if name in self.known and existing not in (None, self.known[name].existing):
            return f"{name} is another secret where it is named first; choose another name"
        if existing is None or not isinstance(existing.arn, str):
            return None
        there, here = existing.arn.split(":")[3], self.encryption.location.place.region()
        return f"the secret is in {there}, and the stack is in {here}" if there != here else None

    def _make(self, name: str) -> AppSecret:
        secret = declare_secret(
            f"{self.prefix}-app-{name}",
            f"{name}, which the tools of this server read",
            self.tags,
            self.parent,
            encryption=self.encryption,
            deletion_protection=self.deletion_protection,
        )
        self.made[name] = secret.arn
        return AppSecret(secret.arn, allow_reading(secret, self.encryption), None)

    def _allow(self, existing: Existing) -> AppSecret:
        arn = existing.arn
        statements = [Statement(actions=[_action(arn)], resources=[arn])]
        if existing.kms_key is not None:
            statements += _allow_decrypting(arn, existing.kms_key, self.encryption.location)
        return AppSecret(arn if existing.key is None else [arn, existing.key], statements, existing)


def _action(arn: pulumi.Input[str]) -> pulumi.Input[str]:
    """Return the action that reads a value, which depends on an ARN that may be known only later."""
    if isinstance(arn, str):
        return "ssm:GetParameter" if _is_parameter(arn) else "secretsmanager:GetSecretValue"
    known: pulumi.Output[str] = pulumi.Output.from_input(arn)
    return known.apply(lambda text: "ssm:GetParameter" if _is_parameter(text) else "secretsmanager:GetSecretValue")


def _allow_decrypting(arn: pulumi.Input[str], key: pulumi.Input[str], location: Location) -> list[Statement]:
    """Return the permission to use a key for one secret, through the service that holds it."""
    of_secret = Encryption(key, location).allow(READ, "secretsmanager", "SecretARN", [arn])
    of_parameter = Encryption(key, location).allow(READ, "ssm", "PARAMETER_ARN", [arn])
    if isinstance(arn, str):
        return of_parameter if _is_parameter(arn) else of_secret
    # Which of them applies is known only later, and the other one permits nothing.
    return [*of_secret, *of_parameter]


def _is_parameter(arn: str) -> bool:
    return arn.split(":")[2] == "ssm"
