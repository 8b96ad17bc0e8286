"""What a client does on its way to a server, as data: one ``Profile`` for each client.

A profile claims what its sources say or what was measured. ``assumed`` says what nobody has published, and what the
doctor does there instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

LEGACY_OPENING: Final = "initialize"
MODERN_OPENING: Final = "server/discover"
MODERN_REVISION: Final = "2026-07-28"

# RFC 7591 2: the method of a client that does not authenticate.
PUBLIC: Final = "none"

# Where the protected resource metadata can be (RFC 9728 3.1 and 5.1).
CHALLENGE, PATH, ROOT = "challenge", "path", "root"
# Where the authorization server metadata can be: RFC 8414 3.1, the same for OpenID Connect (RFC 8414 5), OpenID Connect
# Discovery 1.0, 4, and the forms of clients that drop the path of an issuer.
OAUTH, OPENID, OPENID_APPENDED = "oauth", "openid", "openid appended"
OAUTH_ROOT, OPENID_ROOT = "oauth at the root", "openid at the root"
# MCP 2025-11-25, Authorization Server Metadata Discovery.
SPECIFIED = (OAUTH, OPENID, OPENID_APPENDED)

# What can go wrong at a place; silence ends the search of most clients.
REFUSED, BAD_GATEWAY, FAILED, UNREADABLE, SILENT = "4xx", "502", "5xx", "unreadable", "no answer"
ANYTHING = frozenset({REFUSED, BAD_GATEWAY, FAILED, UNREADABLE})


class Source(NamedTuple):
    """A public source: its address, the day it was published, read or measured (ISO 8601), and what it says."""

    url: str
    date: str
    says: str


class Search(NamedTuple):
    """The places where a client looks for a document, and the failures after which it looks at the next."""

    places: tuple[str, ...]
    goes_on_after: frozenset[str] = ANYTHING


USUAL = Search((CHALLENGE, PATH, ROOT))
ALL_SPECIFIED = Search(SPECIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one client does.

    ``challenge_alone``: it looks nowhere else if the challenge names a document. ``falls_back_to_origin``: without a
    document it takes the origin of the server for the authorization server. ``resource_match`` is how it compares the
    document's ``resource`` with the URL that its user entered: as it is, as a prefix, or not at all. ``needs`` are the
    members without which it rejects the metadata of an authorization server, with ``needs_in_openid`` in the form of
    OpenID Connect. ``patience_seconds`` is how long it waits for a document or a registration, ``None`` for longer than
    the doctor.

    ``document`` is the URL that is its client id where the server supports metadata documents, and
    ``document_needs_none`` whether the server must support public clients too. Otherwise it registers with
    ``registration``, and with the scope it wants if ``registers_scope``. ``redirect_uri_without_issuer`` is for servers
    that do not name themselves in the authorization response (RFC 9207).

    ``page`` is the origin of a client that is a web page. ``hosted`` clients call from the network of their vendor.
    ``needs_405``: it reports any other refusal of ``GET /mcp`` as an error.
    """

    name: str
    sources: tuple[Source, ...]
    assumed: str
    redirect_uri: str
    registration: Mapping[str, Any]
    resource: Search = USUAL
    challenge_alone: bool = False
    falls_back_to_origin: bool = True
    resource_match: Literal["exact", "prefix", "any"] = "any"
    server: Search = ALL_SPECIFIED
    needs: tuple[str, ...] = ("issuer", "authorization_endpoint", "token_endpoint")
    needs_in_openid: tuple[str, ...] = ()
    exact_issuer: bool = False
    needs_s256_announced: bool = False
    patience_seconds: float | None = None
    document: str | None = None
    document_needs_none: bool = False
    registers_scope: bool = False
    asks_for_offline_access: bool = False
    redirect_uri_without_issuer: str | None = None
    page: str | None = None
    hosted: bool = False
    opening: Literal["initialize", "server/discover"] = LEGACY_OPENING
    revision: str = "2025-11-25"
    needs_405: bool = False
