"""The request that a call of a tool becomes."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from runtime.authoring.tool import ToolError
from runtime.openapi.base_url import BaseUrl
from runtime.openapi.styles import header_text, pairs, path_text
from runtime.openapi.table import Body, Encoding, Operation

FORM: Final = "application/x-www-form-urlencoded"
_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")
# RFC 3986 6.2.2.3: servers and proxies remove such a segment together with the one before it, escaped or not.
_DOTS: Final = frozenset({".", ".."})
_SEPARATORS: Final = re.compile(r"[/\\]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
# RFC 9110 5.5: what a field value may have, without the characters outside ASCII.
_FIELD_VALUE: Final = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?")


class Request(NamedTuple):
    """A request. ``path`` and ``query`` are escaped; the names of ``headers`` are in lower case."""

    method: str
    base: BaseUrl
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def target(self) -> str:
        """The path and the query, as a request line has them (RFC 9112 3.2.1)."""
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.path}?{query}" if query else self.path

    def with_headers(self, **headers: str) -> "Request":
        """Return the request with further headers."""
        return self._replace(headers={**self.headers, **headers})


def build_request(operation: Operation, base: BaseUrl, arguments: Mapping[str, Any]) -> Request:
    """Return the request for arguments that match the input schema. Raise ``ToolError`` for what no request can have.

    An argument that is ``null`` is left out, except from a JSON body.
    """
    path: dict[str, str] = {}
    query: list[tuple[str, str]] = []
    headers = {"accept": "application/json, */*;q=0.5"}
    for parameter in operation.parameters:
        value = arguments.get(parameter.argument)
        if value is None:
            continue
        if parameter.place == "path":
            path[parameter.name] = _path_segment(parameter.argument, parameter.name, value, parameter.encoding)
        elif parameter.place == "query":
            query += pairs(parameter.name, value, parameter.encoding)
        else:
            headers[parameter.name.lower()] = _header(parameter.argument, value, parameter.encoding)
    content = _body(operation.body, arguments) if operation.body else None
    if operation.body and content is not None:
        headers["content-type"] = operation.body.media_type
    filled = _VARIABLE.sub(lambda variable: path[variable[1]], operation.path)
    return Request(operation.method, base, base.path + filled, tuple(query), headers, content or b"")


def _path_segment(argument: str, name: str, value: Any, encoding: Encoding) -> str:
    """Return a path parameter, which must stay within its segment."""
    for text in _texts(value):
        if not text:
            raise ToolError(f"{argument} must not be empty: it is a part of the path")
        if not _DOTS.isdisjoint(_SEPARATORS.split(text)) or _CONTROL.search(text):
            raise ToolError(f"{argument} must have no part that is . or .. and no control characters")
    filled = path_text(name, value, encoding)
    if not filled:
        raise ToolError(f"{argument} must not be empty: it is a part of the path")
    return filled


def _texts(value: Any) -> list[str]:
    """Return all texts in a value, names of members included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for name, item in value.items() for text in [name, *_texts(item)]]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _header(argument: str, value: Any, encoding: Encoding) -> str:
    text = header_text(value, encoding)
    if not _FIELD_VALUE.fullmatch(text):
        raise ToolError(f"{argument} must be printable ASCII without spaces at its ends: it is sent as a header")
    return text


def _body(body: Body, arguments: Mapping[str, Any]) -> bytes | None:
    """Return the content of the body, ``None`` if there is none."""
    if body.whole is not None:
        if body.whole not in arguments:
            return None
        value = arguments[body.whole]
    else:
        value = {name: arguments[argument] for argument, name in body.members.items() if argument in arguments}
        if not value and not body.required:
            return None
    return _form(body, value) if body.media_type == FORM else msgspec.json.encode(value)


def _form(body: Body, value: Any) -> bytes:
    if not isinstance(value, Mapping):
        raise ToolError("the body must be an object: it is sent as a form")
    fields = [
        f"{key}={text}"
        for name, item in value.items()
        if item is not None
        for key, text in pairs(name, item, body.encodings.get(name, _default_encoding(item)))
    ]
    return "&".join(fields).encode()


def _default_encoding(value: Any) -> Encoding:
    """OpenAPI 3.1.1, Encoding Object: by default, an object in a form is JSON text."""
    return Encoding(is_json=isinstance(value, Mapping))
