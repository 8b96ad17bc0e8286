"""The one list of grant types: the token endpoint, registration and discovery read it.

To add a grant type, write a module with a ``GRANT_TYPE`` and add it here.
"""

from collections.abc import Mapping
from typing import Final

from runtime.oauth.grants import authorization_code, client_credentials, refresh_token
from runtime.oauth.grants.grant_type import GrantHandler, GrantServices, GrantType
from runtime.settings import OAuthSettings

# The order in which the metadata and error messages name them.
GRANT_TYPES: Final = (authorization_code.GRANT_TYPE, refresh_token.GRANT_TYPE, client_credentials.GRANT_TYPE)
NAMES: Final = tuple(grant_type.name for grant_type in GRANT_TYPES)
MACHINE_NAMES: Final = frozenset(grant_type.name for grant_type in GRANT_TYPES if grant_type.is_machine)


def available_grant_types(settings: OAuthSettings) -> list[GrantType]:
    """Return the grant types that a stack with these settings offers."""
    return [grant_type for grant_type in GRANT_TYPES if grant_type.is_available(settings)]


def build_grant_handlers(services: GrantServices) -> Mapping[str, GrantHandler]:
    """Return the handlers of the available grant types by name."""
    return {grant_type.name: grant_type.build(services) for grant_type in available_grant_types(services.settings)}
