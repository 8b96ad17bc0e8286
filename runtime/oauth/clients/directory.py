"""All clients: those that registered, and those whose id is the URL of a metadata document."""

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from runtime.oauth.clients.document_url import is_document_url, is_trusted_url
from runtime.oauth.clients.metadata_document import check_document, document_client
from runtime.oauth.errors import ClientUnavailable
from runtime.oauth.remote.documents import RemoteDocuments
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.outbound.errors import FetchFailed, Unreachable
from runtime.records.oauth import Client, ClientStore
from runtime.settings import ClientSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClientDirectory:
    """Finds clients by their id."""

    settings: ClientSettings
    clients: ClientStore
    documents: RemoteDocuments

    def get(self, client_id: str, source: str = "") -> Client | None:
        """Return a client, ``None`` if it is unknown, expired or disabled, or its document is missing or invalid.

        ``source`` is the address of the request. The documents fetched for it are limited: raises ``TooManyRequests``
        if there are too many, ``ClientUnavailable`` if the document's server does not respond, and
        ``StoreUnavailable``.
        """
        if not is_document_url(client_id):
            return self.clients.get(client_id)
        if not is_trusted_url(client_id, self.settings) or self.clients.is_disabled(client_id):
            return None
        try:
            document = self.documents.get(client_id, source)
            return document_client(self.settings, client_id, document)
        except FetchFailed as reason:
            # The client's developer searches for the URL. The reason names members of the document, never a value.
            logger.info("client document", extra={"client_id": client_id, "outcome": str(reason)})
            if isinstance(reason, Unreachable):
                raise ClientUnavailable from reason
            return None


def client_directory(
    settings: ClientSettings, stores: Stores, fetcher: Fetcher, clock: Callable[[], float]
) -> ClientDirectory:
    """Return the directory on a stack's stores. ``clock`` reads seconds since the epoch."""
    check = functools.partial(check_document, settings)
    documents = RemoteDocuments(fetcher, stores.documents, stores.counters, check, clock)
    return ClientDirectory(settings, stores.clients, documents)
