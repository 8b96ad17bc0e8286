"""Documents of other servers, fetched on demand and cached for as long as those servers allow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from runtime.oauth.credentials import digest
from runtime.oauth.rate_limit import MINUTE, RateLimit
from runtime.oauth.remote.fetch import FetchedJson, Fetcher
from runtime.oauth.remote.url import RemoteUrl
from runtime.outbound.errors import FetchFailed
from runtime.records.oauth import CounterStore, FetchedDocument, FetchedStore

# A fetch can block a function for seconds, and it puts load on another server.
FETCHES_PER_SOURCE: Final = 30
FETCHES_PER_HOST: Final = 100
# The start of the epoch: a lookup at this time finds a copy however old it is.
ANY_TIME: Final = 0

Check = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class RemoteDocuments:
    """Remote documents of one kind.

    ``check`` gets the URL and the document, and raises ``FetchFailed`` for one that must not be cached or used.
    """

    fetcher: Fetcher
    cache: FetchedStore
    counters: CounterStore
    check: Check
    clock: Callable[[], float]

    def get(self, url: str, source: str) -> FetchedDocument:
        """Return the document at a URL, from the cache or its server.

        ``source`` is the address of the request, empty if it has none. An expired copy is never served, even if its
        server is down. Raises ``FetchFailed``, or ``TooManyRequests`` if a limit is reached: of fetches for one source,
        of one URL whose expired copy is still stored, or of other URLs at one host.
        """
        cached = self.cache.get(digest(url), int(self.clock()))
        return self.fetch(url, source) if cached is None else cached

    def fetch(self, url: str, source: str) -> FetchedDocument:
        """Fetch the document from its server, and replace any cached copy. Raises the same errors as ``get``."""
        remote = RemoteUrl.parse(url)
        if remote is None:
            raise FetchFailed("not an https URL of a domain name")
        self._count_fetch(url, remote.host, source)
        document, lifetime = self._download(url)
        now = int(self.clock())
        fetched = FetchedDocument(document, now, now + lifetime)
        self.cache.put(digest(url), fetched)
        return fetched

    def _count_fetch(self, url: str, host: str, source: str) -> None:
        """Count a fetch against its limits, and raise ``TooManyRequests`` if it exceeds one."""
        if source:
            self._limit("fetch-source", FETCHES_PER_SOURCE).count(source)
        if self.cache.get(digest(url), ANY_TIME) is None:
            self._limit("fetch-host", FETCHES_PER_HOST).count(host)
        else:
            # Made-up URLs at a host must not keep documents in use from being renewed.
            self._limit("fetch-known", FETCHES_PER_HOST).count(url)

    def _download(self, url: str) -> FetchedJson:
        """Fetch and check a document. Client ID Metadata Document 4.4: errors and invalid documents are not cached."""
        fetched = self.fetcher.get(url)
        self.check(url, fetched.document)
        return fetched

    def _limit(self, kind: str, limit: int) -> RateLimit:
        return RateLimit(kind, limit, MINUTE, self.counters, self.clock)
