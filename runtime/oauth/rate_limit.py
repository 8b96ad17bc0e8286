"""Rate limits: counters in the table."""

from collections.abc import Callable
from dataclasses import dataclass

from runtime.oauth.credentials import digest
from runtime.oauth.errors import TooManyRequests
from runtime.records.oauth import CounterStore
from runtime.settings import ClientSettings, OAuthSettings

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit of ``limit`` events of one kind and source within each window of ``seconds``.

    Windows are fixed, so that an event costs one write and no read, and none once the limit is exceeded. Around the end
    of a window, up to twice the limit can pass in a short time, which is good enough to bound cost. ``clock`` reads
    seconds since the epoch.
    """

    kind: str
    limit: int
    seconds: int
    counters: CounterStore
    clock: Callable[[], float]

    def count(self, source: str) -> None:
        """Count one event of a source, and raise ``TooManyRequests`` if it exceeds the limit."""
        now = int(self.clock())
        window = now // self.seconds
        end = (window + 1) * self.seconds
        # A hash, because a source can be of any length and the key must be short.
        total = self.counters.count(f"{self.kind}#{digest(source)}#{window}", end, self.limit)
        if total > self.limit:
            raise TooManyRequests(end - now)


def registration_limit(settings: OAuthSettings, counters: CounterStore, clock: Callable[[], float]) -> RateLimit:
    """Return the limit of registrations and updates by source address."""
    return RateLimit("registration", settings.registrations_per_hour, HOUR, counters, clock)


def authentication_failure_limit(
    settings: ClientSettings, counters: CounterStore, clock: Callable[[], float]
) -> RateLimit:
    """Return the limit of failed authentications by client id, whether or not the client exists.

    Only failures are counted and refused. A client that authenticates is always served and costs nothing more;
    otherwise anyone who knows its id, which is not secret, could lock it out. Guessing 256 random bits needs no limit
    (RFC 6749 2.3.1). The limit tells a client that fails in a loop to wait.
    """
    limit = settings.failed_authentications_per_minute
    return RateLimit("authentication", limit, MINUTE, counters, clock)
