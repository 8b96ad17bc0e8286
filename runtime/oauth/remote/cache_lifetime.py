"""How long an answer of another server may be kept (RFC 9111)."""

from typing import Final

from runtime.http.header_values import WHITE_SPACE

SHORTEST_SECONDS: Final = 60
LONGEST_SECONDS: Final = 86_400
# For an answer that says nothing: what its owner withdraws is then gone soon.
DEFAULT_SECONDS: Final = 300


def cache_lifetime(cache_control: str, age: str) -> int:
    """The freshness lifetime in seconds by the ``Cache-Control`` and ``Age`` headers, within the bounds of this server.

    RFC 9111 4.2.1: ``s-maxage`` goes before ``max-age``. An answer that must not be kept is kept for
    ``SHORTEST_SECONDS`` all the same, so that nobody makes this server ask for it at every request.
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
    """RFC 9111 1.2.2: delta-seconds. A number too long to be meant counts as the longest, anything else as none."""
    digits = text.strip(WHITE_SPACE)
    if not (digits.isascii() and digits.isdigit()):
        return 0
    return int(digits) if len(digits) < len(str(LONGEST_SECONDS)) + 5 else LONGEST_SECONDS
