"""Checks of the logo file: it is small, it is a picture, and an SVG only draws.

Nobody knows how a client shows an SVG: as an image it runs nothing, inside a page it could run scripts of that page. So
the check lists what is allowed.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

from components.packaging.sources import Sources
from runtime.logo import LARGEST_BYTES, SVG, media_type

NAMESPACE = "http://www.w3.org/2000/svg"
# SVG 2: what draws, and what describes a drawing. Not among it: a, animate, foreignObject, image, script, set.
DRAWING = re.compile(
    "circle|clipPath|defs|desc|ellipse|filter|g|line|linearGradient|marker|mask|path|pattern|polygon|polyline|"
    "radialGradient|rect|stop|style|svg|symbol|text|textPath|title|tspan|use"
)
# Filter Effects 1.0. feImage loads a picture.
EFFECT = re.compile(r"fe(?!Image$)[A-Z][A-Za-z]+")
# CSS and presentation attributes: nothing but references to the same file. A backslash could spell anything.
ELSEWHERE = re.compile(r"\\|@import|url\((?!\s*[\"']?#)", re.IGNORECASE)


class _NotADrawing(Exception):
    """An SVG that does more than draw. The message says what."""


def wrong_logo(values: Mapping[str, Any], sources: Sources) -> Iterator[str]:
    """Report a logo that is missing, too large, not a picture, or an SVG that does more than draw."""
    path = values["logo"]
    if path is None:
        return
    problem = _find_problem(sources.path(*path.split("/")))
    if problem:
        yield f'logo is "{path}"; allowed: the path of a PNG, WebP or SVG file from the root of this project; {problem}'


def _find_problem(file: Path) -> str | None:
    if not file.is_file():
        return "there is no such file"
    content = file.read_bytes()
    if len(content) > LARGEST_BYTES:
        return f"it has {len(content)} bytes, at most {LARGEST_BYTES} are allowed"
    kind = media_type(content)
    if kind is None:
        return "its content is none of them"
    try:
        if kind == SVG:
            _check_drawing(content)
    except expat.ExpatError:
        return "its content is none of them"
    except _NotADrawing as reason:
        return f"{reason}; save it as a plain SVG"
    return None


def _check_drawing(content: bytes) -> None:
    """Raise ``_NotADrawing``, or ``expat.ExpatError`` for content that is not XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    open_elements: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        open_elements.append(_check_element(name, is_root=not open_elements))
        for attribute, value in attributes.items():
            _check_attribute(attribute.rpartition(" ")[2].lower(), value)

    def text(data: str) -> None:
        if open_elements and open_elements[-1] == "style":
            _check_reference(data, "style")

    def refuse(*_: object) -> None:
        raise _NotADrawing("it has a document type or a processing instruction")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_elements.pop()
    # Otherwise a forbidden word could be split between two calls.
    parser.buffer_text = True
    parser.buffer_size = LARGEST_BYTES
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    parser.Parse(content, True)


def _check_element(name: str, *, is_root: bool) -> str:
    """Return the local name of an element that draws."""
    namespace, _, local = name.rpartition(" ")
    if is_root and (namespace, local) != (NAMESPACE, "svg"):
        raise _NotADrawing("it is not an SVG")
    if namespace != NAMESPACE or not (DRAWING.fullmatch(local) or EFFECT.fullmatch(local)):
        raise _NotADrawing(f"it has the element {local}")
    return local


def _check_attribute(name: str, value: str) -> None:
    if name.startswith("on") or name == "base" or (name == "href" and not value.strip().startswith("#")):
        raise _NotADrawing(f"it has the attribute {name}")
    _check_reference(value, name)


def _check_reference(text: str, where: str) -> None:
    if ELSEWHERE.search(text):
        raise _NotADrawing(f"its {where} refers to something outside the file")
