"""What a tool or resource may know about the request it serves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """The request that is being served. A function asks for it by annotating a parameter with this class.

    ``client_id`` and ``subject`` are as the authorizer has verified them, ``scopes`` are those of the access token.
    """

    client_id: str
    subject: str
    scopes: frozenset[str]
    request_id: str
    protocol_version: str
