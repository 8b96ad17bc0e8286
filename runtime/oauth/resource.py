"""Which resource a request asks a token for (RFC 8707)."""

from runtime.oauth.errors import InvalidTarget


def check_resource(asked: str | None, resource: str) -> None:
    """RFC 8707 2: whoever states a resource means this one; raises ``InvalidTarget``.

    ``asked`` are the values of the parameter, joined by spaces. MCP 2026-07-28, Canonical Server URI: scheme and host
    count in any case; every other difference is another resource.
    """
    if asked is not None and not all(_names(value, resource) for value in asked.split(" ")):
        raise InvalidTarget("tokens are issued for this server's MCP URL only", pointer="/resource")


def _names(asked: str, resource: str) -> bool:
    """Whether a URI is that of the resource, whose own scheme and host are in lower case."""
    end = resource.index("/", resource.index("//") + 2)
    origin, path = asked[:end], asked[end:]
    # Beyond ASCII there are characters whose lower case is a letter of ASCII.
    return origin.isascii() and origin.lower() == resource[:end] and path == resource[end:]
