"""The revisions of the protocol, and which of them a request speaks."""

from typing import Final

MODERN: Final = "2026-07-28"
LEGACY: Final = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
SUPPORTED: Final = (MODERN, *LEGACY)
# The only revision with JSON-RPC batches (2025-03-26, Messages, Batching); 2025-06-18 took them out again.
BATCHING: Final = "2025-03-26"
PREFIX: Final = "io.modelcontextprotocol/"
# MCP 2025-06-18, Protocol Version Header: what a request without the header is taken to speak.
UNSTATED: Final = "2025-03-26"


def negotiated(asked: str) -> str:
    """The revision ``initialize`` settles on (2025-11-25, Version Negotiation): the one asked for, else the latest."""
    return asked if asked in LEGACY else LEGACY[0]
