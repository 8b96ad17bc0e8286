"""Clients whose id is the URL of a document about them (draft-ietf-oauth-client-id-metadata-document-01)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from runtime.oauth.clients.metadata import grant_metadata, is_metadata
from runtime.oauth.errors import OAuthError
from runtime.oauth.remote.fetch import FetchFailed
from runtime.oauth.remote.url import RemoteUrl
from runtime.records.oauth import Client, FetchedDocument
from runtime.settings import ClientSettings
from runtime.validation.schemas import SchemaViolation, schema

# The id is part of keys in the table, which take 2048 bytes.
LONGEST_URL: Final = 1024
ANY_HOST: Final = "*"
# RFC 3986 3.3, percent-encoded or not.
_DOT_SEGMENT = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)
# What ends a token of a machine is that its registration is deleted, and here there is none.
WITHOUT_A_USER: Final = "client_credentials"


def is_document_url(client_id: str) -> bool:
    """Whether a client id is, or wants to be, the URL of a document; no id that this server makes is."""
    return client_id.startswith("https://")


def trusted_url(client_id: str, settings: ClientSettings) -> bool:
    """Whether a URL may be a client id (section 3), at a host that the stack trusts (section 6.8).

    Clients of the official SDKs have a path beyond ``/``, so it is asked for here.
    """
    remote = RemoteUrl.parse(client_id)
    if remote is None or len(client_id) > LONGEST_URL:
        return False
    path = remote.target.split("?", 1)[0]
    if path == "/" or any(map(_DOT_SEGMENT.fullmatch, path.split("/"))):
        return False
    return any(_covers(entry, remote.authority) for entry in settings.client_id_metadata_documents)


def check_document(settings: ClientSettings, url: str, document: Mapping[str, Any]) -> None:
    """Raise ``FetchFailed`` unless a document describes a client, whose id is its URL, that would be registered."""
    try:
        schema("oauth/client-metadata-document").check(_without_nulls(document))
    except SchemaViolation as violation:
        raise FetchFailed(str(violation)) from violation
    # Simple string comparison, RFC 3986 6.2.1.
    if document["client_id"] != url:
        raise FetchFailed("/client_id: must be the URL of the document")
    _granted(settings, document)


def document_client(settings: ClientSettings, url: str, fetched: FetchedDocument) -> Client:
    """The client that a document describes, granted what it would be granted at registration, for users only.

    It has no secret, so it authenticates by key or, unless it states that, not at all. Raises ``FetchFailed``.
    """
    return Client(
        client_id=url,
        secret_hash=None,
        registration_token_hash="",  # nosec B106  # no token has an empty hash
        metadata=_granted(settings, fetched.document),
        stated_auth_method=True,
        stated_scope=fetched.document.get("scope") is not None,
        issued_at=fetched.fetched_at,
        expires_at=fetched.expires_at,
    )


def _granted(settings: ClientSettings, document: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: value for name, value in _without_nulls(document).items() if is_metadata(name)}
    asked.setdefault("token_endpoint_auth_method", "none")
    if "grant_types" in asked:
        asked["grant_types"] = [grant for grant in asked["grant_types"] if grant != WITHOUT_A_USER]
    try:
        metadata = grant_metadata(asked, settings)
    except OAuthError as error:
        raise FetchFailed(error.description) from error
    if "authorization_code" not in metadata["grant_types"]:
        raise FetchFailed("/grant_types: must have authorization_code")
    return metadata


def _without_nulls(document: Mapping[str, Any]) -> dict[str, Any]:
    """RFC 7592 2.2 treats null and omitted members alike, and so does registration."""
    return {name: value for name, value in document.items() if value is not None}


def _covers(entry: str, authority: str) -> bool:
    """Whether an entry of the configuration is for this host and port: exactly, or for all hosts below a domain."""
    return entry in {ANY_HOST, authority} or (entry.startswith("*.") and authority.endswith(entry[1:]))
