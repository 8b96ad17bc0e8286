"""Tests of the logo file: its type is checked by content, and an SVG only draws."""

from pathlib import Path

import pytest

from components.logo import wrong_logo
from components.packaging.sources import Sources
from runtime.logo import LARGEST_BYTES, data_uri

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
WEBP = b"RIFF\x04\0\0\0WEBPVP8 "
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
DRAWING = """<title>Example</title><defs><style>.a{fill:#000}</style>
<linearGradient id="g"><stop offset="0"/></linearGradient>
<filter id="f"><feGaussianBlur stdDeviation="1"/></filter></defs>
<g class="a" fill="url(#g)" filter="url('#f')"><path d="M0 0h8v8z"/><use xlink:href="#g"/><text>Hi</text></g>"""


def problems(tmp_path: Path, content: bytes | str, name: str = "logo.svg") -> list[str]:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(wrong_logo({"logo": name}, Sources(tmp_path)))


@pytest.mark.parametrize("content", [PNG, WEBP, SVG.format(DRAWING).encode(), b"\xef\xbb\xbf" + SVG.encode()])
def test_a_picture_is_taken_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    assert problems(tmp_path, content, "logo") == []


def test_no_logo_is_no_problem(tmp_path: Path) -> None:
    assert list(wrong_logo({"logo": None}, Sources(tmp_path))) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a", "its content is none of them"),
        (b"", "its content is none of them"),
        (b"<svg", "its content is none of them"),
        (PNG + bytes(LARGEST_BYTES), "at most 16384 are allowed"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "it is not an SVG"),
        (b"<svg/>", "it is not an SVG"),
    ],
)
def test_what_is_not_a_small_picture_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    [problem] = problems(tmp_path, content)
    assert problem.startswith('logo is "logo.svg"; allowed: ')
    assert reason in problem


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        '<a href="javascript:alert(1)"><path/></a>',
        '<image href="https://elsewhere.example/pixel.png"/>',
        '<filter><feImage href="https://elsewhere.example/pixel.png"/></filter>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<path onload="alert(1)"/>',
        '<path ONCLICK="alert(1)"/>',
        '<use href="https://elsewhere.example/x.svg#x"/>',
        '<use xlink:href="data:image/svg+xml,x"/>',
        '<g xml:base="https://elsewhere.example/"/>',
        '<path fill="url(https://elsewhere.example/x)"/>',
        '<path style="fill:u\\72l(https://elsewhere.example/x)"/>',
        "<style>@import 'https://elsewhere.example/x.css';</style>",
        "<style>.a{fill:URL(  'https://elsewhere.example/x')}</style>",
        "<style>@im<![CDATA[port 'https://elsewhere.example/x.css';]]></style>",
    ],
)
def test_an_svg_that_does_more_than_draw_is_refused(tmp_path: Path, content: str) -> None:
    """SVG 2, 2.3 and 2.5: in a page, an SVG runs scripts and loads resources."""
    [problem] = problems(tmp_path, SVG.format(content))
    assert "save it as a plain SVG" in problem


@pytest.mark.parametrize(
    "before",
    ['<?xml-stylesheet href="https://elsewhere.example/x.css"?>', '<!DOCTYPE svg [<!ENTITY a "b">]>'],
)
def test_an_svg_has_no_document_type_and_no_processing_instruction(tmp_path: Path, before: str) -> None:
    [problem] = problems(tmp_path, before + SVG.format(""))
    assert "save it as a plain SVG" in problem


def test_a_logo_becomes_a_data_uri() -> None:
    """RFC 2397."""
    kind, uri = data_uri("tests/infra/logo.svg")
    assert kind == "image/svg+xml"
    assert uri.startswith("data:image/svg+xml;base64,PHN2Zy")
