"""Every client there is: those that have registered, and those whose id is the URL of a document."""

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from runtime.oauth.clients.document_url import is_document_url, is_trusted_url
from runtime.oauth.clients.metadata_document import check_document, document_client
from runtime.oauth.errors import ClientUnavailable
from runtime.oauth.remote.documents import RemoteDocuments
from runtime.oauth.remote.fetch import Fetcher, FetchFailed, Unreachable
from runtime.oauth.stores import Stores
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
        """The client, ``None`` when there is none, it has expired, or its document is not there or not good.

        ``source`` is the source address on whose behalf a document may be fetched; what one has fetched is limited.
        Raises ``TooManyRequests`` when that is too much, ``ClientUnavailable`` when the document's server does not
        answer, and ``StoreUnavailable``.
        """
        if not is_document_url(client_id):
            return self.clients.get(client_id)
        if not is_trusted_url(client_id, self.settings):
            return None
        try:
            return document_client(self.settings, client_id, self.documents.get(client_id, source))
        except FetchFailed as reason:
            # The URL is what its developer looks for, and the reason names members of the document, never a value.
            logger.info("client document", extra={"client_id": client_id, "outcome": str(reason)})
            if isinstance(reason, Unreachable):
                raise ClientUnavailable from reason
            return None


def client_directory(
    settings: ClientSettings, stores: Stores, fetcher: Fetcher, clock: Callable[[], float]
) -> ClientDirectory:
    """The directory on a stack's stores. ``clock`` reads seconds since the epoch."""
    check = functools.partial(check_document, settings)
    documents = RemoteDocuments(fetcher, stores.documents, stores.counters, check, clock)
    return ClientDirectory(settings, stores.clients, documents)
