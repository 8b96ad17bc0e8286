"""The base URL of an API: from the document, or as the author says."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from runtime.openapi.table import Server

_PORTS: Final = {"https": 443, "http": 80}
# No user, no query, no fragment, and no character that two parsers read in different ways.
_URL: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?"
)
_ENVIRONMENT: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SERVER_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")
HTTPS: Final = "https"


class BaseUrl(NamedTuple):
    """Where requests go. ``path`` is the part of the URL in front of the paths of operations, without a ``/`` at its
    end."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str, *, cleartext: bool = False) -> Self:
        """Read a URL. Raise ``ValueError`` for one that is not https, unless ``cleartext`` allows http."""
        match = _URL.fullmatch(url)
        split = urlsplit(url) if match else None
        if split is None or not split.hostname or _has_dots(split.path):
            raise ValueError("the base URL must be https://, a host and perhaps a path")
        if split.scheme != HTTPS and not cleartext:
            raise ValueError("the base URL must be https: http needs private_addresses=True")
        return cls(split.scheme, split.hostname, split.port or _PORTS[split.scheme], split.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """The value of the ``Host`` header (RFC 9110 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The scheme and the authority (RFC 6454 6.2)."""
        return f"{self.scheme}://{self.authority}"


def fill_environment(text: str, variable: Callable[[str], str]) -> str:
    """Replace each ``${NAME}`` by what ``variable`` returns for the name."""
    return _ENVIRONMENT.sub(lambda match: variable(match[1]), text)


def server_url(server: Server, values: Mapping[str, str]) -> str:
    """Return the URL of a server with its variables (OpenAPI 3.1.1, Server Object).

    ``values`` replace the defaults. Raise ``ValueError`` for a value that the document does not allow, and for a URL
    that is not absolute.
    """
    for name, value in values.items():
        if server.choices.get(name) and value not in server.choices[name]:
            raise ValueError(f"{name} of its server must be one of {', '.join(server.choices[name])}")
    filled = {**server.variables, **values}
    url = _SERVER_VARIABLE.sub(lambda match: filled.get(match[1], match[0]), server.url)
    if not url.startswith(("https://", "http://")):
        raise ValueError("it names no server with an absolute URL: pass base_url=")
    return url


def _has_dots(path: str) -> bool:
    return any(segment in {".", ".."} for segment in path.split("/"))
