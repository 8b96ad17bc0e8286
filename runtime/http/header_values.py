"""Parsing header values (RFC 9110 5.6).

HTTP has two white space characters and ASCII letters. ``str.strip`` and ``str.lower`` handle many more, so an attacker
could choose characters that they strip or fold.
"""

import re
from typing import Final

# RFC 9110 5.6.3: SP and HTAB only.
WHITE_SPACE: Final = " \t"
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
TOKEN: Final = re.compile(_TOKEN)
_MEDIA_TYPE: Final = re.compile(f"{_TOKEN}/{_TOKEN}")
# RFC 9110 11.4: a scheme and a token68, as in RFC 7617 2 and RFC 6750 2.1.
_CREDENTIALS: Final = re.compile(f"({_TOKEN}) +([A-Za-z0-9._~+/-]+=*)")


def cookie_values(value: str) -> dict[str, list[str]]:
    """Return the cookies of a ``Cookie`` header by name, each with all of its values (RFC 6265bis 5.8.3 and 5.6).

    A pair whose name is not a token is ignored: no server can have set it by that name (RFC 6265bis 4.1.1).
    """
    cookies: dict[str, list[str]] = {}
    for pair in value.split(";"):
        name, equals, content = pair.partition("=")
        name = name.strip(WHITE_SPACE)
        if equals and TOKEN.fullmatch(name):
            cookies.setdefault(name, []).append(content.strip(WHITE_SPACE))
    return cookies


def media_type(value: str) -> str:
    """Return the media type of a ``Content-Type`` header, in lower case, without parameters; empty if not valid."""
    stated = value.partition(";")[0].strip(WHITE_SPACE)
    return stated.lower() if _MEDIA_TYPE.fullmatch(stated) else ""


def credentials(value: str, scheme: str) -> str | None:
    """Return the credentials of an ``Authorization`` header, ``None`` unless it has this scheme (in lower case)."""
    match = _CREDENTIALS.fullmatch(value.strip(WHITE_SPACE))
    return match[2] if match and match[1].lower() == scheme else None


def bearer_token(value: str) -> str | None:
    """Return the bearer token of an ``Authorization`` header (RFC 6750 2.1), or ``None``."""
    return credentials(value, "bearer")
