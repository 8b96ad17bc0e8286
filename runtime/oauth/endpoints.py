"""The routes of the authorization server and their endpoints."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from runtime.http.endpoint import Endpoint, Endpoints
from runtime.oauth import discovery
from runtime.oauth.audit_trail import audit_endpoints
from runtime.oauth.clients.access import client_access, client_keys
from runtime.oauth.clients.configuration import ClientConfigurationEndpoint
from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.clients.metadata import read_metadata
from runtime.oauth.clients.registration import RegistrationEndpoint
from runtime.oauth.clients.software_statement import SoftwareStatements
from runtime.oauth.grants.grant_type import GrantServices
from runtime.oauth.grants.registry import build_grant_handlers
from runtime.oauth.introspection import IntrospectionEndpoint
from runtime.oauth.parameters import read_parameters
from runtime.oauth.rate_limit import registration_limit
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.revocation import RevocationEndpoint
from runtime.oauth.stores import Stores
from runtime.oauth.token import TokenEndpoint
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import Tokens


def endpoints(
    settings: OAuthSettings, stores: Stores, tokens: Tokens, fetcher: Fetcher, clock: Callable[[], float]
) -> Endpoints:
    """Return the endpoints by method and path. ``clock`` reads seconds since the epoch."""
    keys = client_keys(stores, fetcher, clock)
    statements = SoftwareStatements(settings, keys, clock)
    limit = registration_limit(settings, stores.counters, clock)
    registration = RegistrationEndpoint(settings, stores, limit, statements, clock)
    read_registration = functools.partial(read_metadata, schema_name="oauth/registration")
    read_update = functools.partial(read_metadata, schema_name="oauth/client-update")
    configuration = ClientConfigurationEndpoint(settings, stores.clients, limit, statements, clock)
    _directory, authenticate = client_access(settings, stores, fetcher, clock)
    renew = Renewal(settings, stores.clients, clock)
    # RFC 8707 2: resource may be given more than once.
    read_token = functools.partial(read_parameters, schema_name="oauth/token", repeatable=frozenset({"resource"}))
    read_revocation = functools.partial(read_parameters, schema_name="oauth/revocation")
    handlers = build_grant_handlers(GrantServices(settings, stores, tokens, renew, clock))
    token = TokenEndpoint(authenticate, handlers)
    revocation = RevocationEndpoint(settings, authenticate, tokens, stores)
    read_introspection = functools.partial(read_parameters, schema_name="oauth/introspection")
    introspection = IntrospectionEndpoint(settings, authenticate, tokens, stores)
    resource = _document(discovery.protected_resource_metadata(settings))
    managed = functools.partial(Endpoint, admit=configuration.admit)
    authenticated = functools.partial(Endpoint, admit=authenticate.admit)
    routes = {
        ("POST", "/dcr"): Endpoint(registration.register, read_registration, admit=registration.admit),
        ("GET", "/clients/{clientId}"): managed(configuration.read),
        ("PUT", "/clients/{clientId}"): managed(configuration.replace, read_update),
        ("DELETE", "/clients/{clientId}"): managed(configuration.delete),
        ("POST", "/token"): authenticated(token, read_token),
        ("POST", "/revoke"): authenticated(revocation, read_revocation),
        ("POST", "/introspect"): authenticated(introspection, read_introspection),
        ("GET", "/.well-known/oauth-protected-resource"): resource,
        ("GET", "/.well-known/oauth-protected-resource/mcp"): resource,
        ("GET", "/.well-known/oauth-authorization-server"): _document(
            discovery.authorization_server_metadata(settings)
        ),
        ("GET", "/.well-known/openid-configuration"): _document(discovery.openid_configuration(settings)),
        ("GET", "/.well-known/jwks.json"): _document(discovery.PUBLIC_KEYS),
    }
    return audit_endpoints(routes, stores.audit)


def _document(content: Mapping[str, Any]) -> Endpoint:
    return Endpoint(discovery.DocumentEndpoint(content))
