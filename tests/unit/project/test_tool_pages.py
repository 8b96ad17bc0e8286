"""What the pages about tools tell their readers to write works as it stands."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runtime.authoring import Context, tool
from tests.unit.mcp.conftest import app_of

ROOT = Path(__file__).resolve().parents[3]
# "Put this into `path`", and the block that follows.
FILE = re.compile(r"[Pp]ut this into `([^`]+)`[^\n]*(?:\n(?!```)[^\n]*)*\n```python\n(.*?)```", re.DOTALL)


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
    tests = files.pop("tests/app/test_tickets.py")
    for path, text in files.items():
        (app / Path(path).relative_to("runtime/app")).write_text(text)
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
