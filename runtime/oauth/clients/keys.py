"""The public keys of clients: registered inline, or served at their ``jwks_uri`` (RFC 7591 2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.oauth.clients.jwks import check_jwks, check_verification_keys
from runtime.oauth.errors import ClientUnavailable, InvalidClientMetadata, TooManyRequests
from runtime.oauth.rate_limit import MINUTE, RateLimit
from runtime.oauth.remote.documents import RemoteDocuments
from runtime.outbound.errors import FetchFailed, Unreachable
from runtime.records.oauth import CounterStore, FetchedDocument

# A client that makes up key ids must not cause a fetch at every request.
LEAST_SECONDS_BETWEEN_FETCHES: Final = 60


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """Finds the keys of clients. ``clock`` reads seconds since the epoch."""

    documents: RemoteDocuments
    counters: CounterStore
    clock: Callable[[], float]

    def find(self, metadata: Mapping[str, Any], kid: str | None, source: str) -> Mapping[str, Any] | None:
        """Return the JSON Web Key Set of a client, ``None`` if it has none or its server serves no valid one.

        OpenID Connect Core 1.0, 10.1.1: an unknown ``kid`` means that the keys were rotated, so they are fetched again.
        ``source`` is the address of the request. Raises ``TooManyRequests`` if it caused too many fetches, and
        ``ClientUnavailable`` if there is no copy and the keys' server does not respond.
        """
        if "jwks" in metadata or "jwks_uri" not in metadata:
            return metadata.get("jwks")
        uri = metadata["jwks_uri"]
        try:
            keys = self.documents.get(uri, source)
        except Unreachable as error:
            raise ClientUnavailable from error
        except FetchFailed:
            return None
        if _has_key(keys, kid) or self.clock() - keys.fetched_at < LEAST_SECONDS_BETWEEN_FETCHES:
            return keys.document
        return self._fetch_again(uri, keys, source)

    def _fetch_again(self, uri: str, keys: FetchedDocument, source: str) -> Mapping[str, Any] | None:
        """Fetch the keys again, at most once a minute for each URI; return the stored keys if that is too often."""
        try:
            RateLimit("keys", 1, MINUTE, self.counters, self.clock).count(uri)
        except TooManyRequests:
            return keys.document
        try:
            return self.documents.fetch(uri, source).document
        except FetchFailed:
            # The stored keys do not include this one either.
            return None


def check_fetched_jwks(_url: str, document: dict[str, Any]) -> None:
    """Raise ``FetchFailed`` for keys that could not be registered inline either."""
    try:
        check_jwks(document)
        check_verification_keys(document)
    except InvalidClientMetadata as error:
        raise FetchFailed("the keys cannot be used") from error


def _has_key(keys: FetchedDocument, kid: str | None) -> bool:
    return kid is None or any(key.get("kid") == kid for key in keys.document["keys"])
