"""How long a client and its secret last."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from runtime.oauth.clients.document_url import is_document_url
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, ClientStore
from runtime.settings import OAuthSettings

SECONDS_PER_DAY = 86_400
# How long a client lasts that registered without an initial access token and never got a token: most are never used.
TRIAL_SECONDS = SECONDS_PER_DAY
# A client in constant use is written once in a tenth of the period, not at every use.
FRESH = 0.9


def client_expiry(settings: OAuthSettings, now: int) -> int:
    """Return when a client expires that was last used ``now``."""
    return now + settings.unused_client_days * SECONDS_PER_DAY


def first_expiry(settings: OAuthSettings, now: int, *, invited: bool) -> int:
    """Return when a client expires that registers ``now`` and never gets a token."""
    return client_expiry(settings, now) if invited else now + TRIAL_SECONDS


def expiry_after_update(client: Client, settings: OAuthSettings, now: int) -> int:
    """Return when a client expires that is updated ``now``. An update is not a use, so it does not end the trial."""
    on_trial = not client.invited and 0 < client.expires_at <= client.issued_at + TRIAL_SECONDS
    return client.expires_at if on_trial else client_expiry(settings, now)


def secret_expiry(settings: OAuthSettings, now: int) -> int:
    """Return when a secret expires that is made ``now``. RFC 7591 3.2.1: 0 means never."""
    return now + settings.client_secret_days * SECONDS_PER_DAY if settings.client_secret_days else 0


@dataclass(frozen=True, slots=True)
class Renewal:
    """Renews clients that are in use. ``clock`` reads seconds since the epoch."""

    settings: OAuthSettings
    clients: ClientStore
    clock: Callable[[], float]

    def __call__(self, client: Client) -> None:
        """Postpone the expiry of a client in use, once less than nine tenths of the period remain.

        A client with a metadata document lasts as long as its document, used or not.
        """
        if is_document_url(client.client_id):
            return
        now = int(self.clock())
        expires_at = client_expiry(self.settings, now)
        if client.expires_at - now < FRESH * (expires_at - now):
            # A client that was just deleted stays deleted, and the authorizer refuses the token that it gets.
            with contextlib.suppress(NotThere):
                self.clients.renew(client.client_id, expires_at)
