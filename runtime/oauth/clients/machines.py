"""Registration of machines: which clients may use ``client_credentials`` (RFC 6749 4.4), and with which scopes."""

from collections.abc import Mapping
from typing import Any

from runtime.oauth.clients.registration_policy import CLOSED
from runtime.oauth.errors import InvalidClientMetadata, UninvitedMachine
from runtime.oauth.grants.client_credentials import NEEDS_TOKEN, machine_scopes_within, may_be_machine
from runtime.oauth.grants.registry import MACHINE_NAMES
from runtime.settings import OAuthSettings


def drop_machine_grants(asked: Mapping[str, Any], settings: OAuthSettings, *, invited: bool) -> Mapping[str, Any]:
    """Return the requested metadata without the machine grants, if the client may not have them but wants others too.

    RFC 7591 2: the server may replace requested values, and its response says what is registered. If no grant type
    would remain, raises ``UninvitedMachine``, or ``InvalidClientMetadata`` if the stack allows no machines at all.
    """
    wanted = asked.get("grant_types", ())
    if MACHINE_NAMES.isdisjoint(wanted) or may_be_machine(settings, invited=invited):
        return asked
    others = [name for name in wanted if name not in MACHINE_NAMES]
    if others:
        return {**asked, "grant_types": others}
    if settings.machine_clients == CLOSED:
        raise InvalidClientMetadata("must be of the grants that this server offers", pointer="/grant_types")
    raise UninvitedMachine(NEEDS_TOKEN, pointer="/grant_types")


def scope_to_register(metadata: Mapping[str, Any], settings: OAuthSettings) -> str:
    """Return the scope that a client is registered for: a client that is only a machine gets machine scopes at most.

    If none of its scopes is a machine scope, it gets all machine scopes: the base scope need not be among them.
    """
    scope = str(metadata["scope"])
    if not MACHINE_NAMES.issuperset(metadata["grant_types"]):
        return scope
    return " ".join(machine_scopes_within(scope, settings) or settings.machine_scopes)
