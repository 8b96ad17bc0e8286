"""The imports of a file, found by reading it."""

import ast
import contextlib
import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pulumi

MISSING_MODULE = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
# Functions that take the name of a module: those that import it, and those that read files beside it.
IMPORTERS = {"__import__", "import_module", "run_module"}
READERS = {"files", "get_data"}
# Libraries that a module of the standard library imports if they are installed.
BEHIND_STANDARD_LIBRARY = {"zoneinfo": "tzdata"}


class Import(NamedTuple):
    """A dotted name that a file imports. ``optional`` if the file works without it."""

    name: str
    optional: bool


def imports(file: Path, package: tuple[str, ...]) -> tuple[Import, ...]:
    """Return every import of a file, including those inside functions, without those only for type checkers.

    ``package`` is where its relative imports start from. Raise ``pulumi.RunError`` if this Python cannot read the file.
    """
    try:
        return _read_imports(file.read_bytes(), package)
    except SyntaxError as error:
        raise pulumi.RunError(f"{file}:{error.lineno}: {error.msg}") from error


# The functions of a stack share most of their files.
@functools.cache
def _read_imports(text: bytes, package: tuple[str, ...]) -> tuple[Import, ...]:
    visitor = _ImportVisitor(package)
    visitor.visit(ast.parse(text))
    return tuple(visitor.found)


class _ImportVisitor(ast.NodeVisitor):
    def __init__(self, package: tuple[str, ...]) -> None:
        self.found: list[Import] = []
        self._package = package
        self._optional = False

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._note(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = self._absolute("." * node.level + (node.module or ""))
        self._note(module)
        # The name may be a submodule or an attribute; looking it up will tell.
        for alias in node.names:
            self._note(f"{module}.{alias.name}")

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(
                func=ast.Name(id=function) | ast.Attribute(attr=function), args=[ast.Constant(value=str() as text), *_]
            ) if function in IMPORTERS | READERS:
                name = self._absolute(text)
                if all(part.isidentifier() for part in name.split(".")):
                    # Other functions may have the same names, so the module need not exist.
                    self._note(name, optional=function in READERS)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        match node.test:
            case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
                self._visit_all(node.orelse)
            case test:
                with self._optional_if(any(map(_tests_environment, ast.walk(test)))):
                    self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        with self._optional_if(any(_suppresses(item.context_expr) for item in node.items)):
            self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        with self._optional_if(
            any(handler.type is None or _handles_missing_module(handler.type) for handler in node.handlers)
        ):
            self._visit_all(node.body)
        self._visit_all([*node.handlers, *node.orelse, *node.finalbody])

    def _note(self, name: str, *, optional: bool = False) -> None:
        self.found.append(Import(name, self._optional or optional))
        if name in BEHIND_STANDARD_LIBRARY:
            self.found.append(Import(BEHIND_STANDARD_LIBRARY[name], optional=True))

    def _absolute(self, name: str) -> str:
        """Return the absolute name of a module, without leading dots."""
        level = len(name) - len(name.lstrip("."))
        base = self._package[: len(self._package) + 1 - level] if level else ()
        return ".".join([*base, *filter(None, [name[level:]])])

    @contextlib.contextmanager
    def _optional_if(self, condition: bool) -> Iterator[None]:
        outer, self._optional = self._optional, self._optional or condition
        yield
        self._optional = outer

    def _visit_all(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def _tests_environment(node: ast.AST) -> bool:
    """Return whether a part of a condition tests the platform, the version of Python or the presence of a module."""
    match node:
        case ast.Attribute(value=ast.Name(id="sys"), attr="platform" | "version_info"):
            return True
        case ast.Attribute(value=ast.Name(id="os"), attr="name") | ast.Attribute(value=ast.Name(id="platform")):
            return True
        case ast.Name(id="find_spec") | ast.Attribute(attr="find_spec"):
            return True
    return False


def _suppresses(node: ast.expr) -> bool:
    """Return whether a context manager suppresses the error of a missing module."""
    match node:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=errors):
            return any(map(_handles_missing_module, errors))
    return False


def _handles_missing_module(errors: ast.expr) -> bool:
    """Return whether the handled errors include the one of a missing module."""
    return any(isinstance(node, ast.Name) and node.id in MISSING_MODULE for node in ast.walk(errors))
