"""Popular libraries: what code does with each, and the archives of that code.

``python -m tests.infra.packaging.libraries SOURCE CACHE`` builds the archives, in a process that sees the libraries as
installed.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from components.packaging.archive import Packager
from components.packaging.fetching import fetch_wheels
from components.packaging.requirements import Pin
from tests.infra.packaging.archives import HERE
from tests.infra.recorder import PROJECT

PINNED = Path(__file__).with_suffix(".txt")
CACHE = PROJECT / ".build"


class Library(NamedTuple):
    """``code`` defines ``use``, whose result is ``expected``. ``requirements`` is the text of its requirements.txt."""

    code: str
    expected: object
    requirements: str = ""


LIBRARIES = {
    # A validator that asks for the version of email-validator, which comes with an extra.
    "pydantic": Library(
        """
        from pydantic import BaseModel, EmailStr

        class User(BaseModel):
            email: EmailStr

        def use():
            return User.model_validate_json('{"email": "A@EXAMPLE.com"}').email
        """,
        "A@example.com",
        "pydantic[email]",
    ),
    "httpx": Library(
        """
        import httpx

        def use():
            answer = httpx.MockTransport(lambda request: httpx.Response(200, json={"path": request.url.path}))
            with httpx.Client(http2=True), httpx.Client(transport=answer) as client:
                return client.get("https://example.com/a").json()
        """,
        {"path": "/a"},
        "httpx[http2]",
    ),
    # Extensions are entry points, found in its metadata.
    "markdown": Library(
        """
        import markdown

        def use():
            return markdown.markdown("a | b\\n--|--\\n1 | 2", extensions=["tables"]).startswith("<table>")
        """,
        True,
    ),
    # So is what keeps the current span.
    "opentelemetry": Library(
        """
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider

        def use():
            with TracerProvider().get_tracer("here").start_as_current_span("outer") as span:
                return trace.get_current_span() is span
        """,
        True,
    ),
    "sqlalchemy": Library(
        """
        from sqlalchemy import create_engine, text

        def use():
            with create_engine("sqlite://").connect() as connection:
                return connection.execute(text("select 1 + 1")).scalar_one()
        """,
        2,
    ),
    # A parser that is chosen by a text.
    "beautifulsoup4": Library(
        """
        import lxml
        from bs4 import BeautifulSoup

        def use():
            return [BeautifulSoup("<p>a<p>b", parser)("p")[1].text for parser in ("lxml", "html.parser")]
        """,
        ["b", "b"],
    ),
    # A module without a package, beside which pip puts another.
    "dateutil": Library(
        """
        import six
        from dateutil import parser, tz

        def use():
            moment = parser.parse("2026-07-28T12:00:00Z")
            return [six.text_type.__name__, moment.astimezone(tz.gettz("Europe/Berlin")).hour]
        """,
        ["str", 14],
    ),
    # The standard library finds it by itself.
    "tzdata": Library(
        """
        import zoneinfo

        def use():
            zoneinfo.reset_tzpath([])
            return zoneinfo.ZoneInfo("Asia/Tokyo").key
        """,
        "Asia/Tokyo",
    ),
    "numpy": Library(
        """
        import numpy

        def use():
            numpy.testing.assert_allclose(numpy.linalg.inv([[2.0]]), [[0.5]])
            return int(numpy.arange(5).sum())
        """,
        10,
    ),
    "cryptography": Library(
        """
        from cryptography.fernet import Fernet

        def use():
            signed = Fernet(Fernet.generate_key())
            return signed.decrypt(signed.encrypt(b"text")).decode()
        """,
        "text",
    ),
    "jinja2": Library(
        """
        from jinja2 import Environment

        def use():
            return Environment(autoescape=True).from_string("{{ word | upper }}").render(word="<a>")
        """,
        "&lt;A&gt;",
    ),
    # It reads the certificates of another distribution.
    "requests": Library(
        """
        import ssl
        import requests

        def use():
            count = ssl.create_default_context(cafile=requests.certs.where()).cert_store_stats()["x509_ca"]
            return [count > 50, requests.Request("GET", "https://example.com", params={"a": "b"}).prepare().url]
        """,
        [True, "https://example.com/?a=b"],
    ),
    "rich": Library(
        """
        import io
        from rich.console import Console
        from rich.syntax import Syntax

        def use():
            console = Console(file=io.StringIO(), width=20)
            console.print(Syntax("x = 1", "python"), ":smile:")
            return "x = 1" in console.file.getvalue()
        """,
        True,
    ),
    "click": Library(
        """
        import click
        from click.testing import CliRunner

        @click.command()
        @click.argument("name")
        def greet(name):
            click.echo(f"Hello {name}")

        def use():
            return CliRunner().invoke(greet, ["you"]).output
        """,
        "Hello you\n",
    ),
    "attrs": Library(
        """
        import attr
        import attrs

        @attrs.define
        class Point:
            x: int = attrs.field(converter=int)

        def use():
            return [Point("1").x, attr.asdict(Point(2))]
        """,
        [1, {"x": 2}],
    ),
    "yaml": Library(
        """
        import yaml

        def use():
            return [yaml.safe_load("a: [1, 2]"), yaml.__with_libyaml__]
        """,
        [{"a": [1, 2]}, True],
    ),
    "orjson": Library(
        """
        import orjson

        def use():
            return orjson.dumps({"a": [1, None]}).decode()
        """,
        '{"a":[1,null]}',
    ),
}


def archives(scratch: Path) -> dict[str, Path]:
    """Build the archive of each library's code. ``scratch`` is the folder for the code."""
    environment = {**os.environ, "PYTHONPATH": str(_installed())}
    command = [sys.executable, "-m", "tests.infra.packaging.libraries", str(scratch), str(CACHE)]
    done = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {name: Path(archive) for name, archive in json.loads(done.stdout).items()}


def _installed() -> Path:
    """Return the folder with the libraries, which is cached under the hash of their versions."""
    pins = _pins()
    digest = hashlib.sha256(repr((HERE, pins)).encode()).hexdigest()[:16]
    folder = CACHE / "libraries" / digest
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            site_packages = Path(scratch, "site-packages")
            for wheel in fetch_wheels(dict.fromkeys(pins, frozenset()), HERE, CACHE / "wheels").values():
                zipfile.ZipFile(wheel).extractall(site_packages)
            site_packages.rename(folder)
    return folder


def _pins() -> list[Pin]:
    requirements = [Requirement(line) for line in PINNED.read_text().splitlines() if not line.startswith("#")]
    return [
        Pin(canonicalize_name(requirement.name), next(iter(requirement.specifier)).version)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate(HERE.markers(""))
    ]


def _build(scratch: Path, cache: Path) -> dict[str, str]:
    return {name: str(_archive(name, library, scratch / name, cache)) for name, library in LIBRARIES.items()}


def _archive(name: str, library: Library, source: Path, cache: Path) -> Path:
    source.mkdir(parents=True)
    (source / f"uses_{name}.py").write_text(textwrap.dedent(library.code))
    pins = (PROJECT / "requirements.txt", PINNED)
    requirements = "\n".join([library.requirements, *(file.read_text() for file in pins)])
    (source / "requirements.txt").write_text(requirements)
    (source / "requirements-app.txt").touch()
    return Packager(source, HERE, cache).build(f"uses_{name}")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_build(Path(sys.argv[1]), Path(sys.argv[2]))))
