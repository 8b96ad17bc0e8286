"""The key that signs access tokens. It is created, stored and rotated outside of the program."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.adoption import Adopted, adopt_signing_key
from components.audit_log import AuditLog
from components.encryption import WRITE
from components.function import Function, FunctionArgs, FunctionSettings
from components.iam import Statement
from components.secret import allow_reading, allow_using_key, declare_secret

# The rotation function waits up to half a minute for the permissions of its role to spread.
TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyArgs:
    """The arguments of ``SigningKey``. ``rotation_name`` and ``handler`` are those of the rotation function.

    ``existing`` is the ARN of the secret that the stack uses instead of making one.
    """

    existing: str | None
    settings: FunctionSettings
    rotation_name: str
    handler: str
    account_id: pulumi.Input[str]
    rotation_days: int
    audit_log: AuditLog
    deletion_protection: bool
    reserved_concurrency: int | None


class SigningKey(pulumi.ComponentResource):
    """A Secrets Manager secret and the function that creates and rotates its value.

    The program declares the secret without a value. The rotation function creates the first key if there is none, and a
    new key every ``rotation_days``. So no key is in code, configuration, outputs or state, and ``pulumi up`` never
    changes a key.
    """

    arn: pulumi.Output[str]
    allow_reading: Sequence[Statement]
    rotation: Function

    def __init__(self, name: str, args: SigningKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:SigningKey", name, {}, opts)
        secret = self._find_secret(name, args)
        self.arn = secret.arn
        self.allow_reading = allow_reading(secret, args.settings.encryption)
        self.rotation = Function(
            args.rotation_name,
            FunctionArgs(
                settings=args.settings,
                description="Makes and rotates the key that signs access tokens",
                handler=args.handler,
                timeout=TIMEOUT_SECONDS,
                reserved_concurrency=args.reserved_concurrency,
                environment=args.audit_log.environment,
                allow=[
                    *args.audit_log.allow_writing,
                    Statement(
                        actions=[
                            "secretsmanager:DescribeSecret",
                            "secretsmanager:GetSecretValue",
                            "secretsmanager:PutSecretValue",
                            "secretsmanager:UpdateSecretVersionStage",
                        ],
                        resources=[secret.arn],
                    ),
                    *allow_using_key(secret, args.settings.encryption, WRITE),
                ],
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._schedule_rotation(name, args)
        self.register_outputs({"arn": self.arn})

    def _find_secret(self, name: str, args: SigningKeyArgs) -> aws.secretsmanager.Secret | Adopted:
        if args.existing is not None:
            return adopt_signing_key(args.existing, args.rotation_name, args.settings.encryption)
        return declare_secret(
            name,
            "The keys that sign access tokens (HS256)",
            args.settings.tags,
            self,
            encryption=args.settings.encryption,
            deletion_protection=args.deletion_protection,
        )

    def _schedule_rotation(self, name: str, args: SigningKeyArgs) -> None:
        """Create the first key once, and let Secrets Manager rotate it on a schedule."""
        first_key = aws.lambda_.Invocation(
            f"{name}-first",
            function_name=self.rotation.name,
            qualifier=self.rotation.qualifier,
            lifecycle_scope="CREATE_ONLY",
            input=pulumi.Output.json_dumps({"Step": "initialise", "SecretId": self.arn}),
            # The result contains no key. It is encrypted in the state as a precaution.
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["result"]),
        )
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            action="lambda:InvokeFunction",
            function=self.rotation.name,
            qualifier=self.rotation.qualifier,
            principal="secretsmanager.amazonaws.com",
            source_account=args.account_id,
            source_arn=self.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.secretsmanager.SecretRotation(
            f"{name}-schedule",
            secret_id=self.arn,
            rotation_lambda_arn=self.rotation.arn,
            rotate_immediately=False,
            rotation_rules=aws.secretsmanager.SecretRotationRotationRulesArgs(
                automatically_after_days=args.rotation_days
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[first_key, permission]),
        )
