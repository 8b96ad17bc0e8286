"""What the value of a header says (RFC 9110 5.6).

HTTP knows two kinds of white space and ASCII letters; ``str.strip`` and ``str.lower`` know many more, and what they
leave out or fold together, somebody else can choose.
"""

import re
from typing import Final

# RFC 9110 5.6.3: SP and HTAB, nothing else.
WHITE_SPACE: Final = " \t"
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
TOKEN: Final = re.compile(_TOKEN)
_MEDIA_TYPE: Final = re.compile(f"{_TOKEN}/{_TOKEN}")
# RFC 9110 11.4: a scheme and a token68, as RFC 7617 2 and RFC 6750 2.1 have it.
_CREDENTIALS: Final = re.compile(f"({_TOKEN}) +([A-Za-z0-9._~+/-]+=*)")


def cookie_values(value: str) -> dict[str, list[str]]:
    """The cookies of a ``Cookie`` header by name, each with all values that it came with (RFC 6265bis 5.8.3 and 5.6).

    A pair whose name is no token (RFC 6265bis 4.1.1) is none that a server has set by that name, and is left out.
    """
    cookies: dict[str, list[str]] = {}
    for pair in value.split(";"):
        name, equals, content = pair.partition("=")
        name = name.strip(WHITE_SPACE)
        if equals and TOKEN.fullmatch(name):
            cookies.setdefault(name, []).append(content.strip(WHITE_SPACE))
    return cookies


def media_type(value: str) -> str:
    """The media type of a ``Content-Type`` header, in lower case and without parameters; empty where it has none."""
    stated = value.partition(";")[0].strip(WHITE_SPACE)
    return stated.lower() if _MEDIA_TYPE.fullmatch(stated) else ""


def credentials(value: str, scheme: str) -> str | None:
    """The credentials of an ``Authorization`` header under a scheme, given in lower case; ``None`` for any other."""
    match = _CREDENTIALS.fullmatch(value.strip(WHITE_SPACE))
    return match[2] if match and match[1].lower() == scheme else None


def bearer_token(value: str) -> str | None:
    """The token of an ``Authorization`` header (RFC 6750 2.1), ``None`` where there is none."""
    return credentials(value, "bearer")
