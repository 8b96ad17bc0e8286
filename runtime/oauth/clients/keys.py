"""The keys that a client proves itself with: registered inline, or behind its ``jwks_uri`` (RFC 7591 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.oauth.clients.jwks import check_jwks, check_verification_keys
from runtime.oauth.errors import ClientUnavailable, InvalidClientMetadata, TooManyRequests
from runtime.oauth.rate_limit import MINUTE, RateLimit
from runtime.oauth.remote.documents import RemoteDocuments
from runtime.oauth.remote.fetch import FetchFailed, Unreachable
from runtime.records.oauth import CounterStore, FetchedDocument

# Whoever invents key ids must not make this server ask for the keys each time.
LEAST_SECONDS_BETWEEN_FETCHES: Final = 60


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """Finds keys. ``clock`` reads seconds since the epoch."""

    documents: RemoteDocuments
    counters: CounterStore
    clock: Callable[[], float]

    def find(self, metadata: Mapping[str, Any], kid: str | None, source: str) -> Mapping[str, Any] | None:
        """The JSON Web Key Set of a client, ``None`` when it has none or what is served is no such thing.

        OpenID Connect Core 1.0, 10.1.1: a ``kid`` that is not known means that the keys were rotated, so they are
        fetched again. ``source`` is who asks. Raises ``TooManyRequests`` when that is too often, ``ClientUnavailable``
        when there is no copy and their server does not answer.
        """
        if "jwks" in metadata or "jwks_uri" not in metadata:
            return metadata.get("jwks")
        try:
            kept = self.documents.get(metadata["jwks_uri"], source)
        except Unreachable as error:
            raise ClientUnavailable from error
        except FetchFailed:
            return None
        try:
            return self._refreshed(metadata["jwks_uri"], kept, kid, source).document
        except FetchFailed:
            # The keys that are kept do not have this one either.
            return None

    def _refreshed(self, uri: str, kept: FetchedDocument, kid: str | None, source: str) -> FetchedDocument:
        known = kid is None or any(key.get("kid") == kid for key in kept.document["keys"])
        if known or self.clock() - kept.fetched_at < LEAST_SECONDS_BETWEEN_FETCHES:
            return kept
        try:
            RateLimit("keys", 1, MINUTE, self.counters, self.clock).count(uri)
        except TooManyRequests:
            return kept
        return self.documents.fetch(uri, source)


def check_fetched_jwks(_url: str, document: dict[str, Any]) -> None:
    """Raise ``FetchFailed`` for keys that could not have been registered inline either."""
    try:
        check_jwks(document)
        check_verification_keys(document)
    except InvalidClientMetadata as error:
        raise FetchFailed("the keys cannot be used") from error
