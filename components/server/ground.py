"""What all parts of a server stand on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import pulumi

from components.config import StackConfig
from components.config_values import PROJECT
from components.encryption import Encryption
from components.encryption_key import EncryptionKeyArgs
from components.function import FunctionSettings
from components.lambda_tools import allow_calling
from components.location import Location, Place
from components.names import prefix_of
from components.needs.reading import NeedsArgs, declare_needs
from components.needs.values import AppNeeds
from components.packaging.archive import Packager
from components.packaging.lambda_tools import find_lambda_tools
from components.packaging.target import Target
from components.release import CANARY
from components.role import RoleSettings
from components.tags import tags_of
from components.trail import trail_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all parts of a server share. Their names start with ``prefix``, and ``child`` are their options."""

    config: StackConfig
    prefix: str
    location: Location
    tags: Mapping[str, str]
    roles: RoleSettings
    encryption: Encryption
    settings: FunctionSettings
    child: pulumi.ResourceOptions

    @classmethod
    def of(cls, name: str, config: StackConfig, place: Place, child: pulumi.ResourceOptions) -> Self:
        """Return the ground of the server ``name``, and declare the key that encrypts its data, if it has one."""
        location = Location.of(place)
        prefix = prefix_of(name, pulumi.get_stack())
        tags = tags_of(pulumi.get_project(), pulumi.get_stack(), config.tags)
        roles = RoleSettings(path=config.role_path, permissions_boundary=config.permissions_boundary, tags=tags)
        key = EncryptionKeyArgs(
            location=location,
            prefix=prefix,
            trail_name=trail_name(prefix) if config.trail else None,
            deletion_protection=config.deletion_protection,
            tags=tags,
        )
        encryption = Encryption.declare(f"{prefix}-key", config.kms_key, key, child)
        return cls(
            config=config,
            prefix=prefix,
            location=location,
            tags=tags,
            roles=roles,
            encryption=encryption,
            settings=_function_settings(config, encryption, roles),
            child=child,
        )


def declare_app_needs(ground: Ground) -> AppNeeds:
    """Declare what the needs file of the app declares, and return what its functions need.

    That is what the file says, and to call the Lambda functions that are tools.
    """
    config = ground.config
    args = NeedsArgs(
        file=config.needs_file,
        config=config.app_config,
        prefix=ground.prefix,
        tags=ground.tags,
        location=ground.location,
        encryption=ground.encryption,
        deletion_protection=config.deletion_protection,
    )
    needs = declare_needs(args, ground.child)
    called = find_lambda_tools(config.sources, config.app_module)
    allowed = allow_calling(called, ground.location, needs.environment, needs.statements)
    return replace(needs, statements=[*needs.statements, *allowed])


def _function_settings(config: StackConfig, encryption: Encryption, roles: RoleSettings) -> FunctionSettings:
    packager = Packager(
        source=PROJECT,
        target=Target.require(config.python_version, config.architecture),
        cache=PROJECT / ".build",
        package_boto3=config.package_boto3,
        app=config.sources.app,
    )
    return FunctionSettings(
        packager=packager,
        memory_size=config.memory_size,
        timeout=config.timeout_seconds,
        log_level=config.log_level,
        log_retention_days=config.log_retention_days,
        encryption=encryption,
        tracing=config.tracing,
        canary=config.release == CANARY,
        roles=roles,
        tags=roles.tags,
    )
