"""Which grant types this server has."""

from collections.abc import Callable, Mapping

from runtime.oauth.grants.authorization_code import AuthorizationCodeGrant
from runtime.oauth.grants.client_credentials import ClientCredentialsGrant
from runtime.oauth.grants.grant_type import GrantType
from runtime.oauth.grants.person_tokens import PersonTokens
from runtime.oauth.grants.refresh_token import RefreshTokenGrant
from runtime.oauth.lifetimes import Renewal
from runtime.oauth.stores import Stores
from runtime.settings import OAuthSettings
from runtime.tokens import Tokens


def grant_types(
    settings: OAuthSettings, stores: Stores, tokens: Tokens, renew: Renewal, clock: Callable[[], float]
) -> Mapping[str, GrantType]:
    """The grant types by name; those of people only where people can log in."""
    machine: dict[str, GrantType] = {"client_credentials": ClientCredentialsGrant(settings, tokens, renew)}
    if not settings.interactive:
        return machine
    person_tokens = PersonTokens(settings, tokens, clock)
    return {
        "authorization_code": AuthorizationCodeGrant(stores.grants, person_tokens, renew),
        "refresh_token": RefreshTokenGrant(stores.grants, person_tokens, renew),
        **machine,
    }


def names(settings: OAuthSettings) -> list[str]:
    """What the metadata says of them (RFC 8414 2: ``grant_types_supported``)."""
    return [*(["authorization_code", "refresh_token"] if settings.interactive else []), "client_credentials"]
