"""Client ids that are URLs of metadata documents (draft-ietf-oauth-client-id-metadata-document-01)."""

import re
from typing import Final

from runtime.oauth.remote.url import RemoteUrl
from runtime.settings import ClientSettings

# The id is part of keys in the table, which take 2048 bytes.
LONGEST_URL: Final = 1024
ANY_HOST: Final = "*"
# RFC 3986 3.3, percent-encoded or not.
_DOT_SEGMENT = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)


def is_document_url(client_id: str) -> bool:
    """Whether a client id has the form of a document URL. The ids that this server makes never do."""
    return client_id.startswith("https://")


def is_trusted_url(client_id: str, settings: ClientSettings) -> bool:
    """Whether a URL may be a client id (section 3) and is at a host that the stack trusts (section 6.8).

    The official SDKs require a path beyond ``/``, so this server does too.
    """
    remote = RemoteUrl.parse(client_id)
    if remote is None or len(client_id) > LONGEST_URL:
        return False
    path = remote.target.split("?", 1)[0]
    if path == "/" or any(map(_DOT_SEGMENT.fullmatch, path.split("/"))):
        return False
    return any(_covers(entry, remote.authority) for entry in settings.client_id_metadata_documents)


def _covers(entry: str, authority: str) -> bool:
    """Whether an entry of the configuration covers a host and port: exactly, or as a subdomain."""
    return entry in {ANY_HOST, authority} or (entry.startswith("*.") and authority.endswith(entry[1:]))
