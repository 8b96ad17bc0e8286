"""Machines: clients that act for themselves (RFC 6749 4.4), which of them may, and with which scopes."""

from collections.abc import Mapping
from typing import Any, Final

from runtime.oauth.clients.registration_policy import CLOSED, OPEN
from runtime.oauth.errors import InvalidClientMetadata, InvalidScope, UnauthorizedClient, UninvitedMachine
from runtime.records.oauth import Client
from runtime.scopes import expand_scopes, scope_list
from runtime.settings import OAuthSettings

GRANT_TYPE: Final = "client_credentials"
NEEDS_TOKEN: Final = "client_credentials needs an initial access token at registration"


def may_be_machine(settings: OAuthSettings, *, invited: bool) -> bool:
    """Whether a client may act for itself; ``invited`` is one that was registered with an initial access token."""
    return settings.machine_clients == OPEN or (settings.machine_clients != CLOSED and invited)


def without_machine_grant(asked: Mapping[str, Any], settings: OAuthSettings, *, invited: bool) -> Mapping[str, Any]:
    """The metadata that a client asks for, without the grant that it may not have where it asks for others too.

    RFC 7591 2: the server may replace what is asked for, and its answer says what is registered. Where no grant would
    be left, raises ``UninvitedMachine``, or ``InvalidClientMetadata`` where machines get nothing.
    """
    wanted = asked.get("grant_types", ())
    if GRANT_TYPE not in wanted or may_be_machine(settings, invited=invited):
        return asked
    others = [grant for grant in wanted if grant != GRANT_TYPE]
    if others:
        return {**asked, "grant_types": others}
    if settings.machine_clients == CLOSED:
        raise InvalidClientMetadata("must be of the grants that this server offers", pointer="/grant_types")
    raise UninvitedMachine(NEEDS_TOKEN, pointer="/grant_types")


def registered_scope(metadata: Mapping[str, Any], settings: OAuthSettings) -> str:
    """The scope that a client is registered for: where it acts for nobody but itself, no more than machines may have.

    One that would be left without any gets what machines may have: the base scope need not be among that.
    """
    scope = str(metadata["scope"])
    if metadata["grant_types"] != [GRANT_TYPE]:
        return scope
    return " ".join(_within(scope, settings) or settings.machine_scopes)


def machine_scope(client: Client, settings: OAuthSettings) -> str:
    """What of a client's scope it can get for itself, now; raises ``UnauthorizedClient`` or ``InvalidScope``.

    A client may have been registered before the stack's policy was what it is, and registered for more than machines
    may have, because it also acts for users.
    """
    if not may_be_machine(settings, invited=client.invited):
        raise UnauthorizedClient(NEEDS_TOKEN, pointer="/grant_type")
    held = _within(client.metadata["scope"], settings)
    if not held:
        raise InvalidScope("has nothing that a client can get for itself", pointer="/scope")
    return " ".join(held)


def _within(scope: str, settings: OAuthSettings) -> list[str]:
    allowed = expand_scopes(settings.machine_scopes, settings.scope_implies)
    return [one for one in scope_list(scope) if one in allowed]
