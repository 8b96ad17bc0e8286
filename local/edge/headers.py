"""Header fields: which ones travel on, and how many bytes they take."""

from collections.abc import Iterable

Headers = list[tuple[str, str]]

# RFC 9110 7.6.1: these belong to one connection, not to the message. The edge computes the length itself.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# A colon, a space and the end of the line.
_AROUND_FIELD = len(": \r\n")


def end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return ``headers`` without those of one connection, including the ones that ``Connection`` names."""
    headers = list(headers)
    named = {token.strip().lower() for value in values(headers, "connection") for token in value.split(",")}
    return without(headers, _HOP_BY_HOP | named)


def without(headers: Headers, names: Iterable[str]) -> Headers:
    """Return ``headers`` without those of ``names``, which are lower case."""
    left_out = frozenset(names)
    return [(name, value) for name, value in headers if name.lower() not in left_out]


def values(headers: Headers, name: str) -> list[str]:
    """Return the values of a header, whose name is in lower case, as often as it was sent."""
    return [value for key, value in headers if key.lower() == name]


def size(headers: Headers) -> int:
    """Return the bytes of the lines that ``headers`` take."""
    return sum(len(name) + len(value) + _AROUND_FIELD for name, value in headers)
