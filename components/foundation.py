"""What the functions of a stack stand on."""

from dataclasses import dataclass

import pulumi

from components.audit_log import AuditLog
from components.config import StackConfig
from components.edge.edge import Edge
from components.function import FunctionSettings
from components.identity_provider import IdentityProviderClient
from components.needs.values import AppNeeds
from components.signing_key import SigningKey
from components.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The resources that the functions use. Their names start with ``prefix``. ``child`` are options of functions."""

    prefix: str
    config: StackConfig
    settings: FunctionSettings
    edge: Edge
    store: Store
    signing_key: SigningKey
    audit_log: AuditLog
    identity_provider: IdentityProviderClient | None
    needs: AppNeeds
    child: pulumi.ResourceOptions
