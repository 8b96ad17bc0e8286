"""What a module imports, and what that imports in turn: found by reading the source, without running it."""

import ast
import functools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

MISSING_MODULE = {"ImportError", "ModuleNotFoundError", "Exception"}


class Import(NamedTuple):
    """A dotted name that a file imports. ``optional`` where the file goes on without it."""

    name: str
    optional: bool


class ThirdParty(NamedTuple):
    """A module of an installed distribution, and the file that imports it."""

    name: str
    optional: bool
    importer: Path


@dataclass(frozen=True, slots=True)
class Closure:
    """The files below a source folder that a module needs, itself included, and the third-party modules they need."""

    files: tuple[Path, ...]
    third_party: tuple[ThirdParty, ...]


def closure(source: Path, *modules: str) -> Closure:
    """Everything that ``modules``, dotted names below ``source``, import.

    A package comes with the data files beside its modules, unless it is only passed on the way to another. Raises
    ``ModuleNotFoundError`` when ``source`` has no such module.
    """
    for module in modules:
        if not is_module(source, module):
            raise ModuleNotFoundError(f"there is no module {module} in {source}", name=module)
    files: set[Path] = set()
    folders: set[Path] = set()
    third_party: dict[str, ThirdParty] = {}
    pending = list(modules)
    while pending:
        name = pending.pop()
        located = _locate(source, name)
        if located is not None and located.is_file():
            folders.add(located.parent)
        for file in _files_on_the_way(source, name):
            if file in files:
                continue
            files.add(file)
            for found in _imports(file, _package(source, file)):
                if _is_first_party(source, found.name):
                    pending.append(found.name)
                elif _top(found.name) not in sys.stdlib_module_names:
                    _note(third_party, ThirdParty(found.name, found.optional, file.relative_to(source)))
    # What lies beside a module in ``source`` itself is the project's, not a package's.
    data = {file for folder in folders - {source} for file in _data(folder)}
    return Closure(tuple(sorted(files | data)), tuple(third_party[name] for name in sorted(third_party)))


def is_module(source: Path, name: str) -> bool:
    """Whether ``name`` is a module or a package below ``source``."""
    located = _locate(source, name)
    return located is not None and located.is_file()


def _note(third_party: dict[str, ThirdParty], found: ThirdParty) -> None:
    known = third_party.get(found.name)
    if known is None or (known.optional and not found.optional):
        third_party[found.name] = found


def _top(name: str) -> str:
    return name.partition(".")[0]


def _package(source: Path, file: Path) -> tuple[str, ...]:
    """The package that relative imports in ``file`` start from."""
    return file.parent.relative_to(source).parts


def _is_first_party(source: Path, name: str) -> bool:
    return _locate(source, _top(name)) is not None


def _locate(source: Path, name: str) -> Path | None:
    """The file of a module, the ``__init__.py`` of a package or, of a namespace package, its folder."""
    path = source.joinpath(*name.split("."))
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return path if any(path.glob("*.py")) else None


def _files_on_the_way(source: Path, name: str) -> Iterator[Path]:
    """The files that importing ``name`` runs: of its packages, and its own if it is a module and not an attribute."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        located = _locate(source, ".".join(parts[:length]))
        if located is not None and located.is_file():
            yield located


def _data(folder: Path) -> Iterator[Path]:
    """The files that are not Python in a package, and in its subfolders that hold no Python."""
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__pycache__")) or entry.suffix in {".py", ".pyi"}:
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not any(entry.rglob("*.py")):
            yield from (file for file in entry.rglob("*") if file.is_file())


@functools.cache
def _parse(text: bytes) -> ast.Module:
    return ast.parse(text)


def _imports(file: Path, package: tuple[str, ...]) -> list[Import]:
    visitor = _ImportVisitor(package)
    visitor.visit(_parse(file.read_bytes()))
    return visitor.found


class _ImportVisitor(ast.NodeVisitor):
    """Collects every import of a file, those inside functions included and those for type checkers only left out."""

    def __init__(self, package: tuple[str, ...]) -> None:
        self.found: list[Import] = []
        self._package = package
        self._optional = False

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [Import(alias.name, self._optional) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self._package[: len(self._package) + 1 - node.level] if node.level else ()
        module = ".".join([*base, *([node.module] if node.module else [])])
        self.found.append(Import(module, self._optional))
        # Whether a name is a submodule or an attribute shows when it is looked for.
        self.found += [Import(f"{module}.{alias.name}", self._optional) for alias in node.names]

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(
                func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str() as name)],
            ):
                self.found.append(Import(name, self._optional))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        match node.test:
            case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
                self._visit_all(node.orelse)
            case _:
                self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        outer, self._optional = self._optional, self._optional or any(map(_forgives, node.handlers))
        self._visit_all(node.body)
        self._optional = outer
        self._visit_all([*node.handlers, *node.orelse, *node.finalbody])

    def _visit_all(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def _forgives(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches the absence of a module."""
    if handler.type is None:
        return True
    return any(isinstance(node, ast.Name) and node.id in MISSING_MODULE for node in ast.walk(handler.type))
