"""What encrypts the data of a stack: a KMS key, or the own keys of the AWS services."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import pulumi

from components.config_checks import problem
from components.encryption_key import EncryptionKey, EncryptionKeyArgs
from components.iam import Condition, Statement
from components.location import Location, Place

NONE, CREATE = "none", "create"
# What DynamoDB does for whoever uses a table, and Secrets Manager for whoever reads a secret.
READ = ("kms:Decrypt",)
# What Secrets Manager does for whoever writes a secret, and CloudWatch Logs for whoever writes a log.
WRITE = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, slots=True)
class Encryption:
    """The key that encrypts the table, the secrets, the log groups and the topic.

    Whoever declares one of them gives it ``key_arn``, which is ``None`` where the services use keys of their own.
    """

    key_arn: pulumi.Input[str] | None
    location: Location

    @classmethod
    def declare(
        cls, name: str, setting: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> Self:
        """Return what ``kmsKey`` says: no key, a key of the stack called ``name``, or the key with this ARN."""
        if setting == NONE:
            return cls(None, args.location)
        return cls(EncryptionKey(name, args, opts).arn if setting == CREATE else setting, args.location)

    def allow(
        self, actions: Sequence[str], service: str, context: str, values: Sequence[pulumi.Input[str]]
    ) -> list[Statement]:
        """Return the permission that the caller of a ``service`` needs for what the key encrypts: none without a key.

        It holds only through this service, such as ``dynamodb``, and only for data whose encryption context has one of
        the ``values`` under the key ``context``.
        """
        if self.key_arn is None:
            return []
        condition: Condition = {
            "StringLike": {"kms:ViaService": self.location.via(service)},
            "StringEquals": {f"kms:EncryptionContext:{context}": list(values)},
        }
        return [Statement(actions=actions, resources=[self.key_arn], condition=condition)]


def wrong_key(values: Mapping[str, Any], place: Place) -> Iterator[str]:
    """Report a key in another region, which none of the services can use."""
    key = values["kmsKey"]
    if key not in (NONE, CREATE) and key.split(":")[3] != place.region():
        yield problem("kmsKey", key, f"a key in {place.region()}, the region of the stack, or create or none")
