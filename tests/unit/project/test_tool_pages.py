"""What the pages about tools tell their readers to write works as it stands."""

import importlib
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol
from unittest.mock import create_autospec

import boto3
import pytest

from runtime.authoring import App, Context, ToolError, tool
from runtime.testing import client
from tests.unit.mcp.conftest import app_of

ROOT = Path(__file__).resolve().parents[3]
# "Put this into `path`", and the block that follows.
FILE = re.compile(r"[Pp]ut this into\s`([^`]+)`[^\n]*(?:\n(?!```)[^\n]*)*\n```python\n(.*?)```", re.DOTALL)


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text()


def blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page(name), re.DOTALL)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in the place of ``runtime/app``, with the example tools."""
    for source in (ROOT / "runtime" / "app").glob("*.py"):
        (tmp_path / source.name).write_text(source.read_text())
    package = ModuleType("runtime.app")
    package.__path__ = [str(tmp_path)]
    kept = {name: module for name, module in sys.modules.items() if name.partition("runtime.app")[1]}
    for name in kept:
        del sys.modules[name]
    monkeypatch.setitem(sys.modules, "runtime.app", package)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("runtime.app.")]:
        del sys.modules[name]
    sys.modules.update(kept)


def test_the_first_tool_and_its_tests_work_as_they_stand(app: Path) -> None:
    files = dict(FILE.findall(page("authoring")))
    tests = files["tests/app/test_tickets.py"]
    for name in ("__init__.py", "tickets.py"):
        (app / name).write_text(files[f"runtime/app/{name}"])
    exec(files["runtime/app/__init__.py"], vars(sys.modules["runtime.app"]))  # noqa: S102  # as its import would
    namespace: dict[str, Any] = {}
    exec(tests, namespace)  # noqa: S102
    run = [run for name, run in namespace.items() if name.startswith("test_")]
    assert len(run) == 2
    for test in run:
        test()
    assert importlib.import_module("runtime.app").app.tools.keys() > {"open_tickets", "close_ticket"}


def exec_block(name: str, marker: str, **given: Any) -> dict[str, Any]:
    """Run the one block of a page that has a text in it, and return what it defines."""
    [block] = [block for block in blocks(name) if marker in block]
    namespace = {"__name__": name, **given}
    exec(block, namespace)  # noqa: S102  # what the page tells its readers to write
    return namespace


@tool(task="required")
def export(project: str, context: Context) -> str:
    """Export a project."""
    form = {"type": "object", "properties": {"format": {"type": "string"}}, "required": ["format"]}
    content = context.elicit("Which format?", form).content or {}
    return f"{project.lower()}.{content['format']}"


def test_the_tests_of_the_page_about_tests_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    removed: list[str] = []
    book_room = exec_block("tools", "def book_room", ROOMS=["Blue"])["book_room"]
    decorated = {"Context": Context, "tool": tool, "remove": removed.append}
    delete_project = exec_block("context", "def delete_project", **decorated)["delete_project"]
    app = ModuleType("runtime.app")
    app.app = app_of(book_room, delete_project, export)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "runtime.app", app)
    namespace: dict[str, Any] = {"delete_project": delete_project}
    for block in blocks("testing"):
        exec(block, namespace)  # noqa: S102  # what the page tells its readers to write
    run = [run for name, run in namespace.items() if name.startswith("test_")]
    assert len(run) == 3
    for test in run:
        test()
    assert removed == ["Apollo", "Apollo"]


def tool_of(app: Path, module: str) -> Any:
    """Write the modules of the page, and return an app with the tools of one of them."""
    files = dict(FILE.findall(page("authoring")))
    (app / f"{module}.py").write_text(files[f"runtime/app/{module}.py"])
    return App([importlib.import_module(f"runtime.app.{module}")])


def test_the_tool_that_reads_a_bucket_reads_it(app: Path, aws: None) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="reports", Key="2026-05.csv", Body=b"team,tickets\n")
    with client(tool_of(app, "reports"), environment={"REPORTS_BUCKET": "reports"}) as c:
        assert c.call_tool("read_report", month="2026-05").text == "team,tickets\n"
        with pytest.raises(ToolError, match="no report of this month"):
            c.call_tool("read_report", month="2026-06")


class Tickets(BaseHTTPRequestHandler):
    """An API that knows one ticket and one key."""

    def do_GET(self) -> None:
        is_known = (self.path, self.headers["Authorization"]) == ("/tickets/7", "Bearer test")
        self.send_response(200 if is_known else 403)
        self.end_headers()
        self.wfile.write(b'{"title": "Disk is full", "state": "open"}')

    def log_message(self, *_arguments: Any) -> None:
        """Print nothing."""


def test_the_tool_that_calls_an_api_shows_its_key(app: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Tickets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {"TICKETS_URL": f"http://127.0.0.1:{server.server_port}"}
        with client(tool_of(app, "api"), environment=environment, secrets={"TICKETS_TOKEN": "test"}) as c:
            assert c.call_tool("find_ticket", number=7).structured == {"title": "Disk is full", "state": "open"}
        server.shutdown()


def test_the_tool_that_queries_a_database_has_a_function_of_its_own(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver is the reader's to install, so one that knows the answer is in its place here."""
    connection = create_autospec(Connection, instance=True)
    connection.run.return_value = [[2]]
    native = ModuleType("pg8000.native")
    native.Connection = lambda *_arguments, **_more: connection  # type: ignore[attr-defined]
    package = ModuleType("pg8000")
    package.native = native  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pg8000", package)
    monkeypatch.setitem(sys.modules, "pg8000.native", native)
    app_of_database = tool_of(app, "database")
    assert app_of_database.tools["count_orders"].options.function == "database"
    host, password = {"DATABASE_HOST": "db"}, {"DATABASE_PASSWORD": "test"}
    with client(app_of_database, environment=host, secrets=password) as c:
        assert c.call_tool("count_orders", customer="Ada").text == "2"
    connection.close.assert_called_once_with()


class Connection(Protocol):
    """What the page uses of ``pg8000.native.Connection``."""

    def run(self, sql: str, **parameters: Any) -> list[list[Any]]:
        """Return the rows of a query."""

    def close(self) -> None:
        """Close the connection."""
