"""Reads the settings of each function from its environment: the only reader of ``os.environ``."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.settings import (
    About,
    AuthorizerSettings,
    IdentityProviderSettings,
    LoginSettings,
    McpSettings,
    OAuthSettings,
    WorkerSettings,
)


def log_level() -> str:
    """Return the lowest level to log, as the ``logging`` module names it."""
    return os.environ.get("LOG_LEVEL", "INFO")


def audit_log_group() -> str:
    """Return the log group of the audit log; raises ``KeyError`` if it is missing."""
    return os.environ["AUDIT_LOG_GROUP"]


def app_module() -> str:
    """Return the dotted name of the module that defines the app; raises ``KeyError`` if it is missing."""
    return os.environ["APP_MODULE"]


def variables() -> Mapping[str, str]:
    """Return the whole environment, for the settings of the app."""
    return os.environ


def app_secrets() -> Mapping[str, Sequence[str]]:
    """Return where the secrets of the app are, by name: an ARN, and the member of the JSON there if it is one."""
    return {
        name: [place] if isinstance(place, str) else place
        for name, place in json.loads(os.environ.get("SECRETS", "{}")).items()
    }


def mcp_settings() -> McpSettings:
    """Read the mcp function's environment; raises ``KeyError`` for a missing variable."""
    return McpSettings(
        **_base(),
        server_name=os.environ["SERVER_NAME"],
        allowed_origins=tuple(json.loads(os.environ["ALLOWED_ORIGINS"])),
        table_name=os.environ["TABLE_NAME"],
        worker_name=os.environ["WORKER_NAME"],
        worker_seconds=int(os.environ["WORKER_SECONDS"]),
        **_of_tools(),
        about=_about(),
    )


def authorizer_settings() -> AuthorizerSettings:
    """Read the authorizer function's environment; raises ``KeyError`` for a missing variable."""
    return AuthorizerSettings(
        **_of_tokens(),
        challenge=os.environ["CHALLENGE"],
        edge_key_hashes=tuple(json.loads(os.environ["EDGE_KEY_HASHES"])),
        raises_denials=os.environ.get("DENIAL") == "exception",
    )


def oauth_settings() -> OAuthSettings:
    """Read the oauth function's environment; raises ``KeyError`` for a missing variable."""
    return OAuthSettings(
        **_of_clients(),
        access_token_lifetime=int(os.environ["ACCESS_TOKEN_LIFETIME"]),
        registration=os.environ["REGISTRATION"],
        machine_clients=os.environ["MACHINE_CLIENTS"],
        machine_scopes=tuple(json.loads(os.environ["MACHINE_SCOPES"])),
        unused_client_days=int(os.environ["UNUSED_CLIENT_DAYS"]),
        client_secret_days=json.loads(os.environ["CLIENT_SECRET_DAYS"]),
        registrations_per_hour=int(os.environ["REGISTRATIONS_PER_HOUR"]),
        interactive=json.loads(os.environ["INTERACTIVE"]),
        refresh_token_idle_days=int(os.environ["REFRESH_TOKEN_IDLE_DAYS"]),
        refresh_token_grace_seconds=int(os.environ["REFRESH_TOKEN_GRACE_SECONDS"]),
        software_statement_issuers=json.loads(os.environ["SOFTWARE_STATEMENT_ISSUERS"]),
    )


def login_settings() -> LoginSettings:
    """Read the login function's environment; raises ``KeyError`` for a missing variable."""
    return LoginSettings(
        **_of_clients(),
        server_name=os.environ["SERVER_NAME"],
        access_token_lifetime=int(os.environ["ACCESS_TOKEN_LIFETIME"]),
        refresh_token_days=int(os.environ["REFRESH_TOKEN_DAYS"]),
        authorizations_per_minute=int(os.environ["AUTHORIZATIONS_PER_MINUTE"]),
    )


def _base() -> dict[str, Any]:
    """Return the members of ``Settings``."""
    return {
        "public_url": os.environ["PUBLIC_URL"],
        "log_level": log_level(),
        "is_behind_proxy": os.environ.get("CLIENT_ADDRESS") == "forwarded",
    }


def _of_tokens() -> dict[str, Any]:
    """Return the members of ``TokenSettings``."""
    return {
        **_base(),
        "table_name": os.environ["TABLE_NAME"],
        "signing_key_arn": os.environ["SIGNING_KEY_ARN"],
        "scope_implies": json.loads(os.environ["SCOPE_IMPLIES"]),
        "identity_provider": json.loads(os.environ["IDENTITY_PROVIDER"]),
        "authorizer_cache_seconds": int(os.environ["AUTHORIZER_CACHE_SECONDS"]),
    }


def _of_clients() -> dict[str, Any]:
    """Return the members of ``ClientSettings``."""
    return {
        **_of_tokens(),
        "scopes": json.loads(os.environ["SCOPES"]),
        "max_redirect_uris": int(os.environ["MAX_REDIRECT_URIS"]),
        "private_use_schemes": tuple(json.loads(os.environ["PRIVATE_USE_SCHEMES"])),
        "client_id_metadata_documents": tuple(json.loads(os.environ["CLIENT_ID_METADATA_DOCUMENTS"])),
        "failed_authentications_per_minute": int(os.environ["FAILED_AUTHENTICATIONS_PER_MINUTE"]),
        "about": _about(),
    }


def _about() -> About:
    return About(**json.loads(os.environ["ABOUT"]))


def identity_provider_settings() -> IdentityProviderSettings:
    """Read the settings of the identity provider; raises ``KeyError`` for a missing variable."""
    provider: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in json.loads(os.environ["UPSTREAM"]).items()
    }
    return IdentityProviderSettings(
        redirect_uri=f"{os.environ['PUBLIC_URL']}/callback",
        secret_arn=os.environ["UPSTREAM_SECRET_ARN"],
        **provider,
    )


def worker_settings() -> WorkerSettings:
    """Read the worker function's environment; raises ``KeyError`` for a missing variable."""
    return WorkerSettings(log_level=log_level(), table_name=os.environ["TABLE_NAME"], **_of_tools())


def tool_modules() -> list[str]:
    """Return the dotted names of the modules with this function's tools; raises ``KeyError`` if they are missing."""
    return list(json.loads(os.environ["TOOL_MODULES"]))


def tool_function() -> str:
    """Return the name of this function in the tools that it runs; raises ``KeyError`` if it is missing."""
    return os.environ["TOOL_FUNCTION"]


def _of_tools() -> dict[str, Any]:
    """Return the members about tools with a function of their own. A stack without any does not set the variables."""
    return {
        "tool_functions": json.loads(os.environ.get("TOOL_FUNCTIONS", "{}")),
        "tool_seconds": int(os.environ.get("TOOL_SECONDS", "0")),
    }
