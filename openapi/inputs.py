"""The arguments of an operation: its parameters and its body as one schema."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from openapi.document import DocumentError, Part
from openapi.flat import Flat, flatten
from openapi.found import Found
from openapi.names import ArgumentNames
from openapi.schemas import Node, SchemaWriter, TooLarge, shorten
from runtime.openapi.table import Body, Encoding, Parameter

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = re.compile(r"application/(?:[^;\s]+\+)?json\b", re.IGNORECASE)
VARIABLE: Final = re.compile(r"\{([^{}]+)\}")
DEPTHS: Final = (6, 4, 3, 2, 1)
MOST_SCHEMAS: Final = 150
LONGEST_DESCRIPTION: Final = 300
# OpenAPI 3.1.1, Parameter Object: these are described elsewhere. The others are of the connection (RFC 9110 7.6.1), or
# would let a caller choose where a request goes and how long it is.
IGNORED_HEADERS: Final = frozenset({"accept", "content-type", "authorization"})
REFUSED_HEADERS: Final = frozenset(
    {"connection", "content-encoding", "content-length", "cookie", "expect", "forwarded", "host", "keep-alive", "te"}
    | {"proxy-authorization", "proxy-connection", "trailer", "transfer-encoding", "upgrade", "accept-encoding", "via"}
)
_STYLES: Final = {
    "path": ("simple", {"simple", "label", "matrix"}),
    "query": ("form", {"form", "spaceDelimited", "pipeDelimited", "deepObject"}),
    "header": ("simple", {"simple"}),
}
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(slots=True)
class Inputs:
    """The input schema of a tool, and how a request is made of arguments that match it."""

    properties: dict[str, Node] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    body: Body | None = None

    @property
    def schema(self) -> Node:
        """The schema of all arguments."""
        schema: Node = {"type": "object", "properties": self.properties, "additionalProperties": False}
        return {**schema, "required": self.required} if self.required else schema


def read_inputs(found: Found) -> Inputs:
    """Return the arguments of an operation, in as much detail as clients can take.

    Raise ``DocumentError`` if no tool can send such a request.
    """
    for depth in DEPTHS:
        try:
            return _Reader(found, SchemaWriter("input", depth=depth, most=MOST_SCHEMAS)).read()
        except TooLarge:
            continue
    return _Reader(found, SchemaWriter("input", depth=1, most=float("inf"))).read()


class _Reader:
    def __init__(self, found: Found, writer: SchemaWriter) -> None:
        self._found = found
        self._writer = writer
        self._names = ArgumentNames()
        self._inputs = Inputs()

    def read(self) -> Inputs:
        for parameter in _parameters(self._found):
            self._add_parameter(parameter)
        stated = {parameter.name for parameter in self._inputs.parameters if parameter.place == "path"}
        for variable in VARIABLE.findall(self._found.path):
            if variable not in stated:
                raise DocumentError(f"{{{variable}}} in its path is not among its parameters")
        body = self._found.part.get("requestBody").resolve()
        if isinstance(body.value, dict):
            self._inputs.body = self._read_body(body)
        return self._inputs

    def _add_parameter(self, part: Part) -> None:
        name, place = part.get("name").text(), part.get("in").text()
        required = part.get("required").value is True or place == "path"
        if not self._is_usable(name, place, required=required):
            return
        argument = self._names.take(name, place)
        rule, encoding = self._read_schema(part, place)
        text = " ".join(part.get("description").text().split())
        if text:
            rule = {**rule, "description": shorten(text, LONGEST_DESCRIPTION)}
        self._put(argument, rule, required=required)
        self._inputs.parameters.append(Parameter(argument, name, place, encoding))  # type: ignore[arg-type]

    def _is_usable(self, name: str, place: str, *, required: bool) -> bool:
        """Whether a parameter becomes an argument. Raise ``DocumentError`` for one that is required and cannot."""
        lower = name.lower()
        if place == "header" and lower in IGNORED_HEADERS:
            return False
        usable = place in {"path", "query"} or (
            place == "header" and lower not in REFUSED_HEADERS and _TOKEN.fullmatch(name) is not None
        )
        if not usable and required:
            raise DocumentError(f"it needs the {place or 'unknown'} parameter {name!r}, which no tool can send")
        return usable

    def _read_schema(self, part: Part, place: str) -> tuple[Node, Encoding]:
        content = list(part.get("content").items())
        if content:
            media_type, inner = content[0]
            if not JSON.match(media_type):
                raise DocumentError(
                    f"its parameter {part.get('name').text()!r} is {media_type}, which is not supported"
                )
            return self._writer.write([inner.resolve().get("schema")]), Encoding(is_json=True)
        default, styles = _STYLES[place]
        style = part.get("style").text() or default
        if style not in styles:
            raise DocumentError(f"its parameter {part.get('name').text()!r} has the style {style}")
        return self._writer.write([part.get("schema")]), _encoding(part, style)

    def _read_body(self, body: Part) -> Body:
        media_type, content = _choose_content(body)
        schema = flatten([content.get("schema")])
        stated_required = body.get("required").value
        # Documents often forget to say that a body is required of which members are.
        required = stated_required is True or (stated_required is None and bool(schema.required))
        stated = {name: _encoding_of_field(inner) for name, inner in content.get("encoding").items()}
        encodings = {name: encoding for name, encoding in stated.items() if encoding}
        if _is_flat(schema, required=required):
            members = self._add_members(content.get("schema"), required=required)
            return Body(media_type, members=members, encodings=encodings, required=required)
        whole = self._names.take("body", "body")
        self._put(whole, self._writer.write([content.get("schema")]), required=required)
        return Body(media_type, whole=whole, encodings=encodings, required=required)

    def _add_members(self, schema: Part, *, required: bool) -> dict[str, str]:
        """Add the members of the body as arguments of their own."""
        rule = self._writer.write_object([schema])
        members = {}
        for name, inner in rule.get("properties", {}).items():
            argument = self._names.take(name, "body")
            members[argument] = name
            self._put(argument, inner, required=required and name in rule.get("required", ()))
        return members

    def _put(self, argument: str, rule: Node, *, required: bool) -> None:
        self._inputs.properties[argument] = rule
        if required:
            self._inputs.required.append(argument)


def _parameters(found: Found) -> Iterator[Part]:
    """Yield the parameters of an operation: those of its path, unless it has its own of that name (OpenAPI 3.1.1)."""
    by_name: dict[tuple[str, str], Part] = {}
    for owner in (found.item, found.part):
        for stated in owner.get("parameters").elements():
            part = stated.resolve()
            by_name[part.get("name").text(), part.get("in").text()] = part
    places = ("path", "query", "header")
    yield from sorted(
        by_name.values(),
        key=lambda part: places.index(part.get("in").text()) if part.get("in").text() in places else len(places),
    )


def _encoding(part: Part, style: str) -> Encoding:
    explode = part.get("explode").value
    return Encoding(style, explode if isinstance(explode, bool) else style == "form")


def _encoding_of_field(part: Part) -> Encoding | None:
    """Return how a field of a form is sent, if the document says so (OpenAPI 3.1.1, Encoding Object)."""
    style = part.get("style").text()
    if style or isinstance(part.get("explode").value, bool):
        return _encoding(part, style or "form")
    return Encoding(is_json=True) if JSON.match(part.get("contentType").text()) else None


def _choose_content(body: Part) -> tuple[str, Part]:
    """Return the media type to send, JSON before a form. Raise ``DocumentError`` if there is neither."""
    offered = dict(body.get("content").items())
    for media_type, content in offered.items():
        if JSON.match(media_type):
            return media_type, content.resolve()
    for media_type, content in offered.items():
        if media_type.partition(";")[0].strip().lower() == FORM:
            return FORM, content.resolve()
    raise DocumentError(f"its body is {' or '.join(offered) or 'of no media type'}: only JSON and forms are supported")


def _is_flat(schema: Flat, *, required: bool) -> bool:
    """Whether the members of a body can be arguments: those of an object that needs no more to be valid.

    A body that may be absent, but not empty, is one argument.
    """
    is_open = schema.additional is not None and schema.additional.value is not False
    is_object = schema.kinds == ["object"] and bool(schema.properties) and not schema.variants
    return is_object and not is_open and not schema.nullable and (required or not schema.required)
