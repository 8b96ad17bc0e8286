"""Documents of other servers, fetched when they are needed and kept for as long as their servers allow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from runtime.oauth.credentials import digest
from runtime.oauth.rate_limit import MINUTE, RateLimit
from runtime.oauth.remote.fetch import Fetched, Fetcher, FetchFailed
from runtime.oauth.remote.url import RemoteUrl
from runtime.records.oauth import CounterStore, FetchedDocument, FetchedStore

# A fetch can hold a function for seconds, and it troubles somebody else's server.
FETCHES_PER_SOURCE: Final = 30
FETCHES_PER_HOST: Final = 100
# The start of the epoch, when no copy had expired yet: so a copy is found however old it is.
ANY_TIME: Final = 0

Check = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class RemoteDocuments:
    """Documents of one kind.

    ``check``, given the URL and the document, raises ``FetchFailed`` for one that must not be kept or used.
    """

    fetcher: Fetcher
    kept: FetchedStore
    counters: CounterStore
    check: Check
    clock: Callable[[], float]

    def get(self, url: str, source: str) -> FetchedDocument:
        """The document at a URL, asked for by a source address, which is empty where nobody in particular asks.

        A copy whose time is over is not served, whatever has become of its server. Raises ``FetchFailed``, or
        ``TooManyRequests`` when that source has had too many fetched, or everybody has had this URL, of which there is
        still an old copy, or others at its host.
        """
        return self.kept.get(digest(url), int(self.clock())) or self.fetch(url, source)

    def fetch(self, url: str, source: str) -> FetchedDocument:
        """The document as it is now at its server; it takes the place of any copy. Raises as ``get`` does."""
        remote = RemoteUrl.parse(url)
        if remote is None:
            raise FetchFailed("not an https URL of a domain name")
        if source:
            self._limit("fetch-source", FETCHES_PER_SOURCE).count(source)
        if self.kept.get(digest(url), ANY_TIME) is None:
            self._limit("fetch-host", FETCHES_PER_HOST).count(remote.host)
        else:
            # Whoever invents URLs at a host must not keep those from being renewed that are in use.
            self._limit("fetch-known", FETCHES_PER_HOST).count(url)
        document, lifetime = self._checked(url)
        now = int(self.clock())
        fetched = FetchedDocument(document, now, now + lifetime)
        self.kept.put(digest(url), fetched)
        return fetched

    def _checked(self, url: str) -> Fetched:
        """Client ID Metadata Document 4.4: neither errors nor documents that are invalid may be kept."""
        fetched = self.fetcher.get(url)
        self.check(url, fetched.document)
        return fetched

    def _limit(self, kind: str, most: int) -> RateLimit:
        return RateLimit(kind, most, MINUTE, self.counters, self.clock)
