"""The identity provider where users sign in: its settings, and the secret for the client secret."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import pulumi
import pulumi_aws as aws

from components.adoption import Adopted, adopt_secret
from components.encryption import Encryption
from components.iam import Statement
from components.secret import allow_reading, declare_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderConfig:
    """The settings of an OpenID Connect provider. ``schemas/stack-config.json`` describes each value."""

    issuer: str
    client_id: str
    scopes: tuple[str, ...]
    subject_claim: str
    groups_claim: str
    allowed_email_domains: tuple[str, ...]
    allowed_groups: tuple[str, ...]
    trusted_audiences: tuple[str, ...]
    token_auth_method: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderClientArgs:
    """The arguments of ``IdentityProviderClient``.

    ``existing`` is the ARN of the secret that the stack uses instead of making one.
    """

    existing: str | None
    provider: IdentityProviderConfig
    encryption: Encryption
    deletion_protection: bool
    tags: Mapping[str, str]


class IdentityProviderClient(pulumi.ComponentResource):
    """A Secrets Manager secret for the client secret at the identity provider.

    The program declares the secret without a value, and the operator sets it with ``python -m admin``: a value that
    passes through the program ends up in Pulumi's state, even if encrypted. A function that talks to the provider needs
    the ``environment``, which contains no secret, and the permission ``allow_reading``.
    """

    issuer: str
    secret_name: pulumi.Output[str]
    environment: Mapping[str, pulumi.Input[str]]
    allow_reading: Sequence[Statement]

    def __init__(self, name: str, args: IdentityProviderClientArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Upstream", name, {}, opts)
        secret = self._find_secret(f"{name}-secret", args)
        self.issuer = args.provider.issuer
        self.secret_name = secret.name
        self.environment = {"UPSTREAM": json.dumps(asdict(args.provider)), "UPSTREAM_SECRET_ARN": secret.arn}
        self.allow_reading = allow_reading(secret, args.encryption)
        self.register_outputs({"secret_name": self.secret_name})

    def _find_secret(self, name: str, args: IdentityProviderClientArgs) -> aws.secretsmanager.Secret | Adopted:
        if args.existing is not None:
            return adopt_secret("existingUpstreamSecret", args.existing, args.encryption)
        return declare_secret(
            name,
            "The client secret of this server at the identity provider",
            args.tags,
            self,
            encryption=args.encryption,
            deletion_protection=args.deletion_protection,
        )
