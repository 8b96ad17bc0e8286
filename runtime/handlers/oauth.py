"""The oauth function: the authorization server and its metadata documents."""

import time
from typing import Any

from runtime.environment import oauth_settings
from runtime.handlers import enable_garbage_collector
from runtime.handlers.oauth_stores import stores
from runtime.http import telemetry
from runtime.http.dispatch import LambdaContext, dispatch
from runtime.oauth.endpoints import endpoints
from runtime.oauth.remote.fetch import Fetcher
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.storage.table import DynamoDBTable
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.key_ring import KeyRing

settings = oauth_settings()
telemetry.configure(settings.log_level)
keys = KeyRing(SecretsManagerKeys(settings.signing_key_arn), time.time)
tokens = Tokens(settings.issuer, settings.resource, keys, time.time, settings.authorizer_cache_seconds)
shared = stores(DynamoDBTable(settings.table_name), settings.identity_provider, time.time)
ENDPOINTS = endpoints(settings, shared, tokens, Fetcher(), time.time)
enable_garbage_collector()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an API Gateway proxy event."""
    return dispatch(event, ENDPOINTS, context, settings.is_behind_proxy)
