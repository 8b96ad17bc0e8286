"""The resource that a request asks a token for (RFC 8707)."""

from runtime.oauth.errors import InvalidTarget


def check_resource(asked: str | None, resource: str) -> None:
    """Raise ``InvalidTarget`` if a request names a resource other than this server's (RFC 8707 2).

    ``asked`` are the values of the parameter, joined by spaces. MCP 2026-07-28, Canonical Server URI: scheme and host
    are compared without regard to case, everything else exactly.
    """
    if asked is not None and not all(_is_same_uri(value, resource) for value in asked.split(" ")):
        raise InvalidTarget("tokens are issued for this server's MCP URL only", pointer="/resource")


def _is_same_uri(asked: str, resource: str) -> bool:
    """Whether two URIs are equal but for the case of scheme and host. Those of ``resource`` are in lower case."""
    end = resource.index("/", resource.index("//") + 2)
    origin, path = asked[:end], asked[end:]
    # Some characters outside ASCII have an ASCII letter as their lower case.
    return origin.isascii() and origin.lower() == resource[:end] and path == resource[end:]
