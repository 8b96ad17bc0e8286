"""Which grant types this server has."""

from collections.abc import Callable, Mapping

from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.clients.machines import GRANT_TYPE
from runtime.oauth.clients.registration_policy import CLOSED
from runtime.oauth.grants.authorization_code import AuthorizationCodeGrant
from runtime.oauth.grants.client_credentials import ClientCredentialsGrant
from runtime.oauth.grants.grant_type import GrantType
from runtime.oauth.grants.refresh_token import RefreshTokenGrant
from runtime.oauth.grants.user_tokens import UserTokens
from runtime.oauth.stores import Stores
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import Tokens


def grant_types(
    settings: OAuthSettings, stores: Stores, tokens: Tokens, renew: Renewal, clock: Callable[[], float]
) -> Mapping[str, GrantType]:
    """The grant types by name; those of users only where users can log in, that of machines unless it is closed."""
    user_tokens = UserTokens(settings, tokens, clock)
    every: dict[str, GrantType] = {
        "authorization_code": AuthorizationCodeGrant(stores.grants, user_tokens, renew),
        "refresh_token": RefreshTokenGrant(stores.grants, user_tokens, renew),
        GRANT_TYPE: ClientCredentialsGrant(settings, tokens, renew),
    }
    return {name: every[name] for name in names(settings)}


def names(settings: OAuthSettings) -> list[str]:
    """What the metadata says of them (RFC 8414 2: ``grant_types_supported``)."""
    of_users = ["authorization_code", "refresh_token"] if settings.interactive else []
    return [*of_users, *([GRANT_TYPE] if settings.machine_clients != CLOSED else [])]
