"""The revisions of the protocol."""

from typing import Final

MODERN: Final = "2026-07-28"
LEGACY: Final = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
SUPPORTED: Final = (MODERN, *LEGACY)
# The legacy revisions share their schemas, in this folder of schemas/mcp.
LEGACY_ERA: Final = "legacy"
# The only revision with JSON-RPC batches (2025-03-26, Messages, Batching); 2025-06-18 removed them.
BATCHING: Final = "2025-03-26"
PREFIX: Final = "io.modelcontextprotocol/"
# MCP 2025-06-18, Protocol Version Header: the revision of a request without the header.
UNSTATED: Final = "2025-03-26"


def negotiate_revision(requested: str) -> str:
    """Return the requested revision if it is legacy, else the latest (2025-11-25, Version Negotiation)."""
    return requested if requested in LEGACY else LEGACY[0]
