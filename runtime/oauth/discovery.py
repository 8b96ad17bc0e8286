"""The metadata documents by which clients discover the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.http.event import Request, Response, json_response
from runtime.oauth.clients.authentication import AUTH_METHODS, PUBLIC
from runtime.oauth.clients.jwks import SIGNING_ALGORITHMS
from runtime.oauth.clients.registration_policy import CLOSED
from runtime.oauth.grants.registry import available_grant_types
from runtime.oauth.scope import OFFLINE_ACCESS
from runtime.settings import OAuthSettings

# RFC 7517 5, empty: access tokens are signed with a symmetric key, and no ID tokens are issued.
PUBLIC_KEYS: dict[str, Any] = {"keys": []}
CACHEABLE = {"Cache-Control": "public, max-age=3600"}


def authorization_server_metadata(settings: OAuthSettings) -> dict[str, Any]:
    """Return the document of RFC 8414 2.

    Clients require an authorization endpoint and the response type ``code``, even on a server without user login.
    """
    issuer, about = settings.issuer, settings.about
    users = settings.interactive
    registration = {} if settings.registration == CLOSED else {"registration_endpoint": f"{issuer}/dcr"}
    # Client ID Metadata Document, section 5. Such a client acts for users only, so without login it would get nothing.
    supported = settings.interactive and settings.client_id_metadata_documents
    documents = {"client_id_metadata_document_supported": True} if supported else {}
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        **registration,
        # MCP 2026-07-28, Refresh Tokens: here and nowhere else, since no resource requires it.
        "scopes_supported": [*settings.scopes, *([OFFLINE_ACCESS] if users else [])],
        "response_types_supported": ["code"],
        "grant_types_supported": [grant_type.name for grant_type in available_grant_types(settings)],
        **_endpoint_metadata("token", f"{issuer}/token", public=users),
        **_endpoint_metadata("revocation", f"{issuer}/revoke", public=users),
        **_endpoint_metadata("introspection", f"{issuer}/introspect", public=False),
        "code_challenge_methods_supported": ["S256"],
        **documents,
        **_without_none(service_documentation=about.documentation_url, op_policy_uri=about.policy_url),
        **_without_none(op_tos_uri=about.terms_url),
        **(_login_metadata(issuer) if users else {}),
    }


def _login_metadata(issuer: str) -> dict[str, Any]:
    """Return the members for user login (RFC 9126 5, RFC 9207 3).

    ``prompt_values_supported``: Initiating User Registration via OpenID Connect 1.0, 5.
    """
    return {
        "pushed_authorization_request_endpoint": f"{issuer}/par",
        "authorization_response_iss_parameter_supported": True,
        "response_modes_supported": ["query"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
    }


def _endpoint_metadata(name: str, url: str, *, public: bool) -> dict[str, Any]:
    """Return an endpoint and how clients authenticate at it (RFC 8414 2). Algorithms are for ``private_key_jwt``."""
    return {
        f"{name}_endpoint": url,
        f"{name}_endpoint_auth_methods_supported": [*AUTH_METHODS, *([PUBLIC] if public else [])],
        f"{name}_endpoint_auth_signing_alg_values_supported": list(SIGNING_ALGORITHMS),
    }


def openid_configuration(settings: OAuthSettings) -> dict[str, Any]:
    """Return the same metadata with the members that OpenID Connect clients require (OpenID Discovery 1.0, 3)."""
    return {
        **authorization_server_metadata(settings),
        "jwks_uri": f"{settings.issuer}/.well-known/jwks.json",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def protected_resource_metadata(settings: OAuthSettings) -> dict[str, Any]:
    """Return the document of RFC 9728 2."""
    about = settings.about
    return {
        "resource": settings.resource,
        "authorization_servers": [settings.issuer],
        "scopes_supported": list(settings.scopes),
        "bearer_methods_supported": ["header"],
        **_without_none(resource_name=about.title, resource_documentation=about.documentation_url),
        **_without_none(resource_policy_uri=about.policy_url, resource_tos_uri=about.terms_url),
    }


def _without_none(**members: str | None) -> dict[str, str]:
    """Return the members that the stack sets."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass(frozen=True, slots=True)
class DocumentEndpoint:
    """Serves one document, which is the same for every client and may be cached."""

    document: Mapping[str, Any]

    def __call__(self, _request: Request, _nothing: None) -> Response:
        """Return 200 with the document."""
        return json_response(200, self.document, CACHEABLE)
