"""Documents of a few lines, and servers that answer the requests of their tools."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from openapi.compiler import make
from runtime.openapi.table import Choice, Operation, Table

MakeTable = Callable[..., Table]
MakeOperation = Callable[..., Operation]


def document(paths: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A document with these paths. ``openapi`` is its version, 3.1 unless stated."""
    about = {"openapi": "3.1.0", "info": {"title": "A service", "version": "1"}}
    return {**about, "servers": [{"url": "https://api.example.com/v1"}], "paths": paths, **members}


def answer(schema: Any = None) -> dict[str, Any]:
    """The responses of an operation whose 200 has a schema."""
    content = {"application/json": {"schema": schema}} if schema is not None else {}
    return {"200": {"description": "It is done", **({"content": content} if content else {})}}


@pytest.fixture
def table_of(tmp_path: Path) -> MakeTable:
    """Make the table of a document."""

    def make_it(stated: dict[str, Any], *operations: str, prefix: str = "") -> Table:
        path = tmp_path / "service.json"
        path.write_text(json.dumps(stated))
        return make(path, Choice(operations, prefix), tmp_path / "cache").table

    return make_it


@pytest.fixture
def operation_of(table_of: MakeTable) -> MakeOperation:
    """Make the table of a document with one operation, ``POST /things``, and return the operation."""

    def make_it(path: str = "/things", method: str = "post", version: str = "3.1.0", **members: Any) -> Operation:
        components = members.pop("components", {})
        stated = {"operationId": "act", "responses": answer(), **members}
        [operation] = table_of(document({path: {method: stated}}, openapi=version, components=components)).operations
        return operation

    return make_it


@dataclass
class Service:
    """An HTTP server on loopback. It answers with ``status``, ``headers`` and ``body``, and notes what it was sent."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    body: bytes = b"{}"
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    @property
    def last(self) -> tuple[str, str, dict[str, str], bytes]:
        """The method, target, headers by lower-case name, and body of the last request."""
        return self.requests[-1]


@pytest.fixture
def service() -> Iterator[Service]:
    """A server while a test runs."""
    running = Service()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            running.requests.append((self.command, self.path, headers, self.rfile.read(length)))
            self.send_response(running.status)
            for name, value in {**running.headers, "Content-Length": str(len(running.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(running.body)

        def log_message(self, *args: Any, **keywords: Any) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._answer)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        running.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield running
        server.shutdown()
        thread.join(5)
