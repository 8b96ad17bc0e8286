"""Which endpoint of the authorization server answers which route."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from runtime.endpoint import Endpoint, Endpoints
from runtime.oauth import metadata
from runtime.oauth.client_configuration import ClientConfigurationEndpoint
from runtime.oauth.client_metadata import read_metadata
from runtime.oauth.registration import RegistrationEndpoint
from runtime.oauth.token import TokenEndpoint, read_token_request
from runtime.settings import OAuthSettings
from runtime.storage.records import ClientStore
from runtime.tokens import Tokens


def endpoints(settings: OAuthSettings, clients: ClientStore, tokens: Tokens, clock: Callable[[], float]) -> Endpoints:
    """The endpoints by method and path. ``clock`` reads seconds since the epoch."""
    read_registration = functools.partial(read_metadata, schema_name="oauth/registration")
    read_update = functools.partial(read_metadata, schema_name="oauth/client-update")
    configuration = ClientConfigurationEndpoint(settings, clients)
    resource = _document(metadata.protected_resource(settings))
    return {
        ("POST", "/dcr"): Endpoint(RegistrationEndpoint(settings, clients, clock), read_registration),
        ("GET", "/clients/{clientId}"): Endpoint(configuration.read),
        ("PUT", "/clients/{clientId}"): Endpoint(configuration.replace, read_update),
        ("DELETE", "/clients/{clientId}"): Endpoint(configuration.delete),
        ("GET", "/authorize"): Endpoint(metadata.no_authorization),
        ("POST", "/token"): Endpoint(TokenEndpoint(settings, clients, tokens, clock), read_token_request),
        ("GET", "/.well-known/oauth-protected-resource"): resource,
        ("GET", "/.well-known/oauth-protected-resource/mcp"): resource,
        ("GET", "/.well-known/oauth-authorization-server"): _document(metadata.authorization_server(settings)),
        ("GET", "/.well-known/openid-configuration"): _document(metadata.openid_configuration(settings)),
        ("GET", "/.well-known/jwks.json"): _document(metadata.PUBLIC_KEYS),
    }


def _document(content: Mapping[str, Any]) -> Endpoint:
    return Endpoint(metadata.DocumentEndpoint(content))
