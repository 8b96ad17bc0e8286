"""Clients whose id is the URL of their metadata document (draft-ietf-oauth-client-id-metadata-document-01)."""

from collections.abc import Mapping
from typing import Any

from runtime.oauth.clients.metadata import grant_metadata, is_metadata
from runtime.oauth.errors import OAuthError
from runtime.oauth.grants import registry
from runtime.outbound.errors import FetchFailed
from runtime.records.oauth import Client, FetchedDocument
from runtime.settings import ClientSettings
from runtime.validation.schemas import SchemaViolation, schema


def check_document(settings: ClientSettings, url: str, document: Mapping[str, Any]) -> None:
    """Raise ``FetchFailed`` unless a document describes a client with this URL as its id, which could register."""
    try:
        schema("oauth/client-metadata-document").check(_without_nulls(document))
    except SchemaViolation as violation:
        raise FetchFailed(str(violation)) from violation
    # Simple string comparison, RFC 3986 6.2.1.
    if document["client_id"] != url:
        raise FetchFailed("/client_id: must be the URL of the document")
    _client_metadata(settings, document)


def document_client(settings: ClientSettings, url: str, fetched: FetchedDocument) -> Client:
    """Return the client that a document describes, with the metadata that it would get at registration.

    It acts for users only. It has no secret: it authenticates with a key if it states that, otherwise it is public.
    Raises ``FetchFailed``.
    """
    return Client(
        client_id=url,
        secret_hash=None,
        registration_token_hash="",  # nosec B106  # no token has an empty hash
        metadata=_client_metadata(settings, fetched.document),
        stated_auth_method=True,
        stated_scope=fetched.document.get("scope") is not None,
        issued_at=fetched.fetched_at,
        expires_at=fetched.expires_at,
    )


def _client_metadata(settings: ClientSettings, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata that a document gets, or raise ``FetchFailed`` if it could not register."""
    asked = {name: value for name, value in _without_nulls(document).items() if is_metadata(name)}
    asked.setdefault("token_endpoint_auth_method", "none")
    if "grant_types" in asked:
        # A machine's tokens are revoked by deleting its registration, and a document has none.
        asked["grant_types"] = [name for name in asked["grant_types"] if name not in registry.MACHINE_NAMES]
    try:
        metadata = grant_metadata(asked, settings)
    except OAuthError as error:
        raise FetchFailed(error.description) from error
    if "authorization_code" not in metadata["grant_types"]:
        raise FetchFailed("/grant_types: must have authorization_code")
    return metadata


def _without_nulls(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that are not null: RFC 7592 2.2 treats null as omitted, and so does registration."""
    return {name: value for name, value in document.items() if value is not None}
