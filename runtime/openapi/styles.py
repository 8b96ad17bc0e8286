"""Parameters as text: the styles of OpenAPI 3.1.1 (Style Values), which are expressions of RFC 6570."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec

from runtime.openapi.table import Encoding

# Between the items of a list, by style. ``form`` and ``simple`` take a comma.
_SEPARATORS: Final = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}


def path_text(name: str, value: Any, encoding: Encoding) -> str:
    """Return a path parameter as text, in which everything is escaped that could end its segment."""
    if encoding.is_json:
        return _escape(_json(value))
    match encoding.style:
        case "label":
            return "." + _join(value, encoding, "." if encoding.explode else ",", _escape)
        case "matrix":
            return _matrix(_escape(name), value, encoding)
    return _join(value, encoding, ",", _escape)


def header_text(value: Any, encoding: Encoding) -> str:
    """Return a header parameter as text. Nothing is escaped: a header has no escapes."""
    return _json(value) if encoding.is_json else _join(value, encoding, ",", str)


def pairs(name: str, value: Any, encoding: Encoding) -> Iterator[tuple[str, str]]:
    """Yield the escaped names and values that a query or a form has for one parameter."""
    key = _escape(name)
    if encoding.is_json:
        yield key, _escape(_json(value))
    elif encoding.style == "deepObject" and isinstance(value, Mapping | list):
        yield from _deep(key, value)
    elif not isinstance(value, Mapping | list):
        yield key, _escape(_text(value))
    elif not encoding.explode:
        yield key, _join(value, encoding, _SEPARATORS.get(encoding.style, ","), _escape)
    elif isinstance(value, Mapping):
        yield from ((_escape(member), _escape(_text(item))) for member, item in value.items())
    else:
        yield from ((key, _escape(_text(item))) for item in value)


def _deep(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the pairs of ``deepObject``. How it nests is not specified; servers understand ``a[b][0]=c``."""
    if isinstance(value, Mapping):
        inner = [(str(member), item) for member, item in value.items()]
    elif isinstance(value, list):
        inner = [(str(index), item) for index, item in enumerate(value)]
    else:
        yield key, _escape(_text(value))
        return
    for member, item in inner:
        yield from _deep(f"{key}%5B{_escape(member)}%5D", item)


def _matrix(key: str, value: Any, encoding: Encoding) -> str:
    if encoding.explode and isinstance(value, Mapping):
        return "".join(f";{_escape(str(member))}={_escape(_text(item))}" for member, item in value.items())
    if encoding.explode and isinstance(value, list):
        return "".join(f";{key}={_escape(_text(item))}" for item in value)
    return f";{key}={_join(value, encoding, ',', _escape)}"


def _join(value: Any, encoding: Encoding, separator: str, escape: Any) -> str:
    if isinstance(value, list):
        return separator.join(escape(_text(item)) for item in value)
    if isinstance(value, Mapping):
        between = "=" if encoding.explode else separator
        return separator.join(f"{escape(str(member))}{between}{escape(_text(item))}" for member, item in value.items())
    return str(escape(_text(value)))


def _text(value: Any) -> str:
    """Return a value as text: a string as it is, ``null`` as nothing, everything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else _json(value)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _escape(text: str) -> str:
    # RFC 3986 2.3: all but the unreserved characters.
    return quote(text, safe="")
