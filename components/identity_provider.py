"""The identity provider that users log in at: what the login is told of it, and where the client secret is kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import pulumi

from components.iam import Statement
from components.secret import allow_reading, declare_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderConfig:
    """An OpenID Connect provider. ``schemas/stack-config.json`` says what each value means."""

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
    """Which provider, and whether a deleted secret can be restored."""

    provider: IdentityProviderConfig
    deletion_protection: bool
    tags: Mapping[str, str]


class IdentityProviderClient(pulumi.ComponentResource):
    """A Secrets Manager secret for the client secret that the provider gave out.

    The program declares it without a value, and the operator puts it there (``python -m admin``): a value that passes
    through the program is in Pulumi's state, if only encrypted. ``environment`` is what a function must be told that
    speaks with the provider, none of it secret; ``allow_reading`` what it must be allowed.
    """

    secret_name: pulumi.Output[str]
    environment: Mapping[str, pulumi.Input[str]]
    allow_reading: Statement

    def __init__(self, name: str, args: IdentityProviderClientArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("remote-mcp:aws:Upstream", name, {}, opts)
        secret = declare_secret(
            f"{name}-secret",
            "The client secret of this server at the identity provider",
            args.tags,
            self,
            deletion_protection=args.deletion_protection,
        )
        self.secret_name = secret.name
        self.environment = {"UPSTREAM": json.dumps(asdict(args.provider)), "UPSTREAM_SECRET_ARN": secret.arn}
        self.allow_reading = allow_reading(secret)
        self.register_outputs({"secret_name": self.secret_name})
