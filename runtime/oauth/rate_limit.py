"""How often something may happen."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.http.network import network
from runtime.oauth.credentials import digest
from runtime.oauth.errors import TooManyRequests
from runtime.records.oauth import CounterStore
from runtime.settings import ClientSettings, OAuthSettings

__all__ = ["HOUR", "MINUTE", "RateLimit", "failed_authentications", "network", "registrations"]

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``limit`` events of one kind and source within each window of ``seconds``.

    Windows are fixed, so that an event costs one write and no read. Around the end of one, twice the limit may pass
    within a short time: good enough to bound cost. ``clock`` reads seconds since the epoch.
    """

    kind: str
    limit: int
    seconds: int
    counters: CounterStore
    clock: Callable[[], float]

    def count(self, source: str) -> None:
        """Count one event. Raises ``TooManyRequests`` when it is one too many."""
        now = int(self.clock())
        window = now // self.seconds
        end = (window + 1) * self.seconds
        # Whatever a stranger calls themselves, the key is short.
        if self.counters.count(f"{self.kind}#{digest(source)}#{window}", end) > self.limit:
            raise TooManyRequests(end - now)


def registrations(settings: OAuthSettings, counters: CounterStore, clock: Callable[[], float]) -> RateLimit:
    """The limit of registrations and updates by source address."""
    return RateLimit("registration", settings.registrations_per_hour, HOUR, counters, clock)


def failed_authentications(settings: ClientSettings, counters: CounterStore, clock: Callable[[], float]) -> RateLimit:
    """The limit of failed authentications by client id, whether or not there is such a client.

    Only failures are counted, and only they are refused: a client that proves who it is costs nothing more and is
    always served. Otherwise anybody who knows its id, which is no secret, could lock it out. Nobody needs to be kept
    from guessing 256 random bits (RFC 6749 2.3.1); a client that fails in a loop is told to wait.
    """
    limit = settings.failed_authentications_per_minute
    return RateLimit("authentication", limit, MINUTE, counters, clock)
