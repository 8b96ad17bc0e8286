"""Client metadata (RFC 7591 2): from what a client asks for to what it gets."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from runtime.http.body import json_value
from runtime.http.event import Request
from runtime.oauth.clients.jwks import check_jwks, check_verification_keys
from runtime.oauth.clients.redirect_uri import check_redirect_uri, is_on_device
from runtime.oauth.errors import InvalidClientMetadata, InvalidRedirectUri, OAuthError
from runtime.oauth.grants import registry
from runtime.oauth.remote.url import RemoteUrl
from runtime.scopes import scope_list
from runtime.settings import ClientSettings
from runtime.validation.schemas import SchemaViolation, schema

MAX_BYTES = 64 * 1024
DEFAULT_AUTH_METHOD = "client_secret_basic"
NATIVE, WEB = "native", "web"
WEB_URIS = frozenset({"client_uri", "logo_uri", "tos_uri", "policy_uri"})
# RFC 7591 2.2: a human-readable member, with or without a language tag (BCP 47).
HUMAN_READABLE = re.compile(
    r"(?:client_name|client_uri|logo_uri|tos_uri|policy_uri)(?:#[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)?"
)
GRANTED_MEMBERS = ("token_endpoint_auth_method", "grant_types", "response_types", "scope")
OTHER_MEMBERS = ("redirect_uris", "contacts", "jwks", "jwks_uri", "software_id", "software_version", "application_type")


def read_metadata(request: Request, schema_name: str) -> dict[str, Any]:
    """Return the client metadata in a request.

    Raises ``InvalidRedirectUri`` or ``InvalidClientMetadata`` if it does not match the schema.
    """
    value = json_value(request, MAX_BYTES)
    if isinstance(value, dict):
        # RFC 7592 2.2 treats null members as omitted.
        value = {name: member for name, member in value.items() if member is not None}
    try:
        schema(schema_name).check(value)
    except SchemaViolation as violation:
        raise _schema_error(violation) from violation
    return dict(value)


def grant_metadata(asked: Mapping[str, Any], settings: ClientSettings) -> dict[str, Any]:
    """Return the metadata to register for what a client asks for, with defaults and without unknown members.

    RFC 7591 2: the server may replace unsupported values. Raises ``InvalidRedirectUri`` or ``InvalidClientMetadata``.
    """
    granted = {name: asked[name] for name in asked if HUMAN_READABLE.fullmatch(name)}
    granted.update((name, asked[name]) for name in (*OTHER_MEMBERS, "software_statement") if name in asked)
    granted["token_endpoint_auth_method"] = asked.get("token_endpoint_auth_method", DEFAULT_AUTH_METHOD)
    granted["grant_types"] = _grant_types(asked.get("grant_types", ["authorization_code"]))
    granted["response_types"] = _response_types(asked, granted["grant_types"])
    granted["scope"] = _scope(asked.get("scope", ""), settings.scopes)
    _check_redirect_uris(granted, settings)
    if any(map(is_on_device, granted.get("redirect_uris", []))) and granted.get("application_type") == WEB:
        # OpenID Connect Registration 1.0, 2: this is a native client, even if it says otherwise, as Cursor does.
        granted["application_type"] = NATIVE
    _check_web_uris(granted)
    _check_confidential(granted)
    _check_keys(granted)
    return granted


def is_metadata(name: str) -> bool:
    """Whether a member is metadata that this server understands."""
    return name in GRANTED_MEMBERS or name in OTHER_MEMBERS or HUMAN_READABLE.fullmatch(name) is not None


def has_secret(metadata: Mapping[str, Any]) -> bool:
    """Whether a client with this metadata authenticates with a secret."""
    return metadata["token_endpoint_auth_method"] not in {"none", "private_key_jwt"}


def _schema_error(violation: SchemaViolation) -> OAuthError:
    about_redirects = violation.pointer.startswith("/redirect_uris")
    return (InvalidRedirectUri if about_redirects else InvalidClientMetadata).from_violation(violation)


def _grant_types(asked: Iterable[str]) -> list[str]:
    granted = [grant for grant in dict.fromkeys(asked) if grant in registry.NAMES]
    if not granted:
        raise InvalidClientMetadata(f"must have one of {', '.join(registry.NAMES)}", pointer="/grant_types")
    return granted


def _response_types(asked: Mapping[str, Any], grant_types: list[str]) -> list[str]:
    """Return the response types. RFC 7591 2.1: ``code`` and ``authorization_code`` require each other."""
    needed = ["code"] if "authorization_code" in grant_types else []
    stated = asked.get("response_types", needed)
    if sorted(stated) != needed:
        reason = f"must be {needed} with these grant_types".replace("'", '"')
        raise InvalidClientMetadata(reason, pointer="/response_types")
    return needed


def _scope(asked: str, supported: Mapping[str, str]) -> str:
    """Return the base scope, which every client can get, and other supported scopes."""
    base = next(iter(supported))
    return " ".join(dict.fromkeys([base, *(scope for scope in scope_list(asked) if scope in supported)]))


def _check_redirect_uris(granted: Mapping[str, Any], settings: ClientSettings) -> None:
    uris = granted.get("redirect_uris", [])
    if len(uris) > settings.max_redirect_uris:
        raise InvalidRedirectUri(f"must have at most {settings.max_redirect_uris} items", pointer="/redirect_uris")
    if not uris and "authorization_code" in granted["grant_types"]:
        raise InvalidRedirectUri("is required for the authorization_code grant", pointer="/redirect_uris")
    for index, uri in enumerate(uris):
        check_redirect_uri(uri, f"/redirect_uris/{index}", settings.private_use_schemes)


def _check_web_uris(granted: Mapping[str, Any]) -> None:
    """Check that client_uri and the like are URLs of web pages (RFC 7591 2), which any parser can read later."""
    for name, value in granted.items():
        if name.partition("#")[0] in WEB_URIS and not _is_parseable(value):
            raise InvalidClientMetadata("must be a valid http or https URI", pointer=f"/{name}")


def _is_parseable(uri: str) -> bool:
    """Whether the brackets and the port of a URI are valid (RFC 3986 3.2.2 and 3.2.3)."""
    try:
        port = urlsplit(uri).port
    except ValueError:
        return False
    return port != 0


def _check_confidential(granted: Mapping[str, Any]) -> None:
    """Check that a public client does not ask for the client credentials grant (RFC 6749 4.4)."""
    if granted["token_endpoint_auth_method"] == "none" and not registry.MACHINE_NAMES.isdisjoint(
        granted["grant_types"]
    ):
        reason = "must not be none with the client_credentials grant"
        raise InvalidClientMetadata(reason, pointer="/token_endpoint_auth_method")


def _check_keys(granted: Mapping[str, Any]) -> None:
    """Check that a client with private_key_jwt has keys, by value or by reference (OpenID Connect Core 1.0, 9).

    Keys are not fetched here: a client may register before it serves them, and a registration must not cause fetches.
    """
    if "jwks_uri" in granted and RemoteUrl.parse(granted["jwks_uri"]) is None:
        raise InvalidClientMetadata("must be an https URL of a domain name", pointer="/jwks_uri")
    if "jwks" in granted:
        check_jwks(granted["jwks"])
    if granted["token_endpoint_auth_method"] != "private_key_jwt":
        return
    if "jwks" in granted:
        check_verification_keys(granted["jwks"])
    elif "jwks_uri" not in granted:
        raise InvalidClientMetadata("is required for private_key_jwt, or jwks_uri is", pointer="/jwks")
