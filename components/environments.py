"""The parts of the functions' environments that follow from the configuration alone."""

import json
from collections.abc import Mapping, Sequence

import pulumi

from components.config import StackConfig

Environment = Mapping[str, pulumi.Input[str]]


def client_environment(config: StackConfig) -> Environment:
    """Return the environment of a function that authenticates clients and issues codes or tokens."""
    return {
        "SCOPES": json.dumps(dict(config.scopes)),
        "MAX_REDIRECT_URIS": str(config.max_redirect_uris),
        "PRIVATE_USE_SCHEMES": json.dumps(config.private_use_schemes),
        "CLIENT_ID_METADATA_DOCUMENTS": json.dumps(config.client_id_metadata_documents),
        "ACCESS_TOKEN_LIFETIME": str(config.access_token_lifetime_seconds),
        "FAILED_AUTHENTICATIONS_PER_MINUTE": str(config.failed_authentications_per_minute),
        "ABOUT": about(config),
    }


def about(config: StackConfig) -> str:
    """Return how the server presents itself to people, as ``runtime.settings.About`` reads it."""
    members = {
        "title": config.server_title,
        "website_url": config.website_url,
        "documentation_url": config.documentation_url,
        "policy_url": config.policy_url,
        "terms_url": config.terms_url,
        "logo": config.logo,
    }
    return json.dumps({name: value for name, value in members.items() if value is not None})


def logo(config: StackConfig) -> Sequence[str]:
    """Return the path of the logo for an archive, if there is one."""
    return [config.logo] if config.logo else []
