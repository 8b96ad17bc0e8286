"""How a stack finds and authenticates clients, for the functions that do both."""

from collections.abc import Callable

from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.clients.directory import ClientDirectory, client_directory
from runtime.oauth.clients.keys import ClientKeys, check_fetched_jwks
from runtime.oauth.rate_limit import authentication_failure_limit
from runtime.oauth.remote.documents import RemoteDocuments
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.settings import ClientSettings


def client_access(
    settings: ClientSettings, stores: Stores, fetcher: Fetcher, clock: Callable[[], float]
) -> tuple[ClientDirectory, ClientAuthenticator]:
    """Return the clients of a stack, and their authenticator. ``clock`` reads seconds since the epoch."""
    directory = client_directory(settings, stores, fetcher, clock)
    keys = client_keys(stores, fetcher, clock)
    failures = authentication_failure_limit(settings, stores.counters, clock)
    return directory, ClientAuthenticator(settings, directory, keys, stores.one_time, failures, clock)


def client_keys(stores: Stores, fetcher: Fetcher, clock: Callable[[], float]) -> ClientKeys:
    """Return the keys of a stack's clients. ``clock`` reads seconds since the epoch."""
    documents = RemoteDocuments(fetcher, stores.keys, stores.counters, check_fetched_jwks, clock)
    return ClientKeys(documents, stores.counters, clock)
