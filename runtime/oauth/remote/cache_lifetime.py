"""How long a response of another server may be cached (RFC 9111)."""

from typing import Final

from runtime.http.header_values import WHITE_SPACE

SHORTEST_SECONDS: Final = 60
LONGEST_SECONDS: Final = 86_400
# For a response without a lifetime: short, so that a withdrawn document disappears soon.
DEFAULT_SECONDS: Final = 300


def cache_lifetime(cache_control: str, age: str) -> int:
    """Return the freshness lifetime in seconds by ``Cache-Control`` and ``Age``, within the bounds of this server.

    RFC 9111 4.2.1: ``s-maxage`` takes precedence over ``max-age``. A response that must not be cached is still cached
    for ``SHORTEST_SECONDS``, so that it is not fetched at every request.
    """
    directives: dict[str, str] = {}
    for directive in cache_control.lower().split(","):
        name, _, value = directive.partition("=")
        directives.setdefault(name.strip(WHITE_SPACE), value.strip(WHITE_SPACE).strip('"'))
    if {"no-store", "no-cache", "private"} & directives.keys():
        return SHORTEST_SECONDS
    stated = directives.get("s-maxage", directives.get("max-age"))
    if stated is None:
        return DEFAULT_SECONDS
    return min(max(_seconds(stated) - _seconds(age), SHORTEST_SECONDS), LONGEST_SECONDS)


def _seconds(text: str) -> int:
    """Parse delta-seconds (RFC 9111 1.2.2). A huge number is ``LONGEST_SECONDS``, other invalid text is 0."""
    digits = text.strip(WHITE_SPACE)
    if not (digits.isascii() and digits.isdigit()):
        return 0
    return int(digits) if len(digits) < len(str(LONGEST_SECONDS)) + 5 else LONGEST_SECONDS
