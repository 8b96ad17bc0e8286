"""The transitive imports of a module, found by reading the source without running it."""

import functools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

from components.packaging.imports import imports
from components.packaging.sources import Sources

Locate = Callable[[str], Path | None]


class ThirdParty(NamedTuple):
    """A module of an installed distribution and the file that imports it."""

    name: str
    optional: bool
    importer: PurePath


@dataclass(frozen=True, slots=True)
class Closure:
    """The files below a source folder that a module needs, including itself, and their third-party modules."""

    files: tuple[Path, ...]
    third_party: tuple[ThirdParty, ...]


def closure(source: Path | Sources, *modules: str) -> Closure:
    """Return everything that ``modules``, dotted names below ``source``, import.

    A package includes the data beside its modules: files that are not Python, and folders that are not packages, with
    their contents. A package that is only the parent of an imported one includes no data. Raise ``ModuleNotFoundError``
    if a module does not exist.
    """
    sources = source if isinstance(source, Sources) else Sources(source)
    locate = functools.cache(functools.partial(_locate, sources))
    for module in modules:
        if not is_module(sources, module):
            raise ModuleNotFoundError(f"there is no module {module} in {sources.root}", name=module)
    files: set[Path] = set()
    folders: set[Path] = set()
    third_party: dict[str, ThirdParty] = {}
    pending = list(modules)
    while pending:
        name = pending.pop()
        located = locate(name)
        if located is not None and located.is_file():
            folders.add(located.parent)
        for file in _files_on_the_way(locate, name):
            if file in files:
                continue
            files.add(file)
            for found in imports(file, sources.name(file.parent).parts):
                if _is_first_party(locate, found.name):
                    pending.append(found.name)
                elif _top(found.name) not in sys.stdlib_module_names:
                    _note(third_party, ThirdParty(found.name, found.optional, sources.name(file)))
    # Files directly in ``source`` belong to the project, not to a package.
    data = {file for folder in folders - {sources.root} for file in _data(folder)}
    return Closure(tuple(sorted(files | data)), tuple(third_party[name] for name in sorted(third_party)))


def is_module(sources: Sources, name: str) -> bool:
    """Return whether ``name`` is a module or a package of ``sources``."""
    located = _locate(sources, name)
    return located is not None and located.is_file()


def _note(third_party: dict[str, ThirdParty], found: ThirdParty) -> None:
    known = third_party.get(found.name)
    if known is None or (known.optional and not found.optional):
        third_party[found.name] = found


def _top(name: str) -> str:
    return name.partition(".")[0]


def _is_first_party(locate: Locate, name: str) -> bool:
    # A namespace package may contain only folders; then only a longer name finds it.
    return locate(_top(name)) is not None or locate(name) is not None


def _locate(sources: Sources, name: str) -> Path | None:
    """Return the file of a module, the ``__init__.py`` of a package, or the folder of a namespace package."""
    path = sources.path(*name.split("."))
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return path if any(path.glob("*.py")) else None


def _files_on_the_way(locate: Locate, name: str) -> Iterator[Path]:
    """Return the files that importing ``name`` runs: those of its packages, and its own if it is a module."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        located = locate(".".join(parts[:length]))
        if located is not None and located.is_file():
            yield located


def _data(folder: Path) -> Iterator[Path]:
    """Return the files of a package that are not Python, and all files of its folders that are not packages."""
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.suffix == ".py":
            continue
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not (entry / "__init__.py").is_file():
            yield from all_files(entry)


def all_files(folder: Path) -> Iterator[Path]:
    """Return all files below a folder, without compiled files and virtual environments; of a file, the file itself."""
    if folder.is_file():
        yield folder
        return
    if folder.name == "__pycache__" or (folder / "pyvenv.cfg").is_file():
        return
    for entry in folder.iterdir():
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not entry.is_symlink():
            yield from all_files(entry)
