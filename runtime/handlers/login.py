"""The login function: the part of the authorization server that users see in the browser."""

import time
from typing import Any

from runtime.environment import identity_provider_settings, login_settings
from runtime.handlers import enable_garbage_collector
from runtime.handlers.login_stores import login_stores
from runtime.handlers.oauth_stores import stores
from runtime.http import telemetry
from runtime.http.dispatch import LambdaContext, dispatch
from runtime.login.endpoints import endpoints, without_logins
from runtime.login.provider.http import ProviderHttp
from runtime.login.provider.openid import OpenIDConnectProvider
from runtime.oauth.clients.access import client_access
from runtime.oauth.remote.fetch import Fetcher
from runtime.storage.identity_provider_secret import SecretsManagerClientSecret
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.storage.table import DynamoDBTable
from runtime.tokens.key_ring import KeyRing

settings = login_settings()
telemetry.configure(settings.log_level)
ENDPOINTS = without_logins()
if settings.identity_provider:
    own = identity_provider_settings()
    table = DynamoDBTable(settings.table_name)
    shared = stores(table, settings.identity_provider, time.time)
    directory, authenticate = client_access(settings, shared, Fetcher(), time.time)
    secret = SecretsManagerClientSecret(own.secret_arn)
    provider = OpenIDConnectProvider(own, secret, time.time, ProviderHttp())
    keys = KeyRing(SecretsManagerKeys(settings.signing_key_arn), time.time)
    login = login_stores(table, settings.identity_provider, shared, directory.get)
    ENDPOINTS = endpoints(settings, login, keys, authenticate, provider, time.time)
enable_garbage_collector()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an API Gateway proxy event."""
    return dispatch(event, ENDPOINTS, context, settings.is_behind_proxy)
