"""From the metadata that a client asks for to the metadata that it gets (RFC 7591 2)."""

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
    """The client metadata in a request; raises ``InvalidRedirectUri`` or ``InvalidClientMetadata`` for a bad shape."""
    value = json_value(request, MAX_BYTES)
    if isinstance(value, dict):
        # RFC 7592 2.2 treats null and omitted members alike.
        value = {name: member for name, member in value.items() if member is not None}
    try:
        schema(schema_name).check(value)
    except SchemaViolation as violation:
        raise _refusal(violation) from violation
    return dict(value)


def grant_metadata(asked: Mapping[str, Any], settings: ClientSettings) -> dict[str, Any]:
    """What is registered for the metadata that was asked for: defaults filled in, unknown members left out.

    RFC 7591 2: the server may replace what it does not support. Raises ``InvalidRedirectUri`` or
    ``InvalidClientMetadata``.
    """
    granted = {name: asked[name] for name in asked if HUMAN_READABLE.fullmatch(name)}
    granted.update((name, asked[name]) for name in (*OTHER_MEMBERS, "software_statement") if name in asked)
    granted["token_endpoint_auth_method"] = asked.get("token_endpoint_auth_method", DEFAULT_AUTH_METHOD)
    granted["grant_types"] = _grant_types(asked.get("grant_types", ["authorization_code"]))
    granted["response_types"] = _response_types(asked, granted["grant_types"])
    granted["scope"] = _scope(asked.get("scope", ""), settings.scopes)
    _check_redirect_uris(granted, settings)
    if any(map(is_on_device, granted.get("redirect_uris", []))) and granted.get("application_type") == WEB:
        # OpenID Connect Registration 1.0, 2: such a client is a native one, whatever it calls itself, as Cursor does.
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


def _refusal(violation: SchemaViolation) -> OAuthError:
    about_redirects = violation.pointer.startswith("/redirect_uris")
    return (InvalidRedirectUri if about_redirects else InvalidClientMetadata).of(violation)


def _grant_types(asked: Iterable[str]) -> list[str]:
    granted = [grant for grant in dict.fromkeys(asked) if grant in registry.NAMES]
    if not granted:
        raise InvalidClientMetadata(f"must have one of {', '.join(registry.NAMES)}", pointer="/grant_types")
    return granted


def _response_types(asked: Mapping[str, Any], grant_types: list[str]) -> list[str]:
    """RFC 7591 2.1: ``code`` goes with ``authorization_code``, and neither without the other."""
    needed = ["code"] if "authorization_code" in grant_types else []
    stated = asked.get("response_types", needed)
    if sorted(stated) != needed:
        reason = f"must be {needed} with these grant_types".replace("'", '"')
        raise InvalidClientMetadata(reason, pointer="/response_types")
    return needed


def _scope(asked: str, supported: Mapping[str, str]) -> str:
    """The base scope, which every client can get since the challenge names it, and what is supported of the rest."""
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
    """RFC 7591 2: client_uri and the others MUST be the URLs of web pages, and no parser may fail at one later."""
    for name, value in granted.items():
        if name.partition("#")[0] in WEB_URIS and not _is_parsed(value):
            raise InvalidClientMetadata("must be a valid http or https URI", pointer=f"/{name}")


def _is_parsed(uri: str) -> bool:
    """Whether the brackets and the port of a URI are what they must be (RFC 3986 3.2.2 and 3.2.3)."""
    try:
        port = urlsplit(uri).port
    except ValueError:
        return False
    return port != 0


def _check_confidential(granted: Mapping[str, Any]) -> None:
    """RFC 6749 4.4: the client credentials grant is for confidential clients only."""
    if granted["token_endpoint_auth_method"] == "none" and not registry.MACHINE_NAMES.isdisjoint(
        granted["grant_types"]
    ):
        reason = "must not be none with the client_credentials grant"
        raise InvalidClientMetadata(reason, pointer="/token_endpoint_auth_method")


def _check_keys(granted: Mapping[str, Any]) -> None:
    """OpenID Connect Core 1.0, 9: private_key_jwt needs a registered key, by value or by reference.

    Nothing is fetched here: a client may register before its keys are served, and a stranger gets nothing fetched.
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
