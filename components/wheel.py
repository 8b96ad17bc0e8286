"""The files of a wheel that are of use at run time."""

import ast
import configparser
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

UNUSED_FOLDERS = {"tests", "benchmarks", "docs", "examples"}
UNUSED_SUFFIXES = {".pyi", ".pyx", ".pxd", ".c", ".h"}
UNUSED_NAMES = {"py.typed", "__main__.py"}
METADATA = ("METADATA", "entry_points.txt")
METADATA_READERS = {"importlib.metadata", "importlib_metadata", "pkg_resources"}
# Where a wheel keeps what goes beside its modules, <name>.data/<kind>/..., and the kinds that are modules (PEP 427).
LIBRARIES = {"purelib", "platlib"}


def runtime_files(wheel: Path) -> dict[str, bytes]:
    """The modules and data of ``wheel``, by their place in ``site-packages``.

    Left out are tests, type stubs and sources of extensions, and, unless a module reads it, the metadata.
    """
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    metadata = {name: content for name, content in files.items() if PurePosixPath(name).parts[0].endswith(".dist-info")}
    modules = {
        placed: content
        for name, content in files.items()
        if name not in metadata and (placed := _placed(name)) is not None
    }
    if _reads_metadata(modules, _console_modules(metadata)):
        modules |= {name: content for name, content in metadata.items() if PurePosixPath(name).name in METADATA}
    return modules


def _placed(name: str) -> str | None:
    """Where a file of a wheel goes, ``None`` for one of no use at run time."""
    path = PurePosixPath(name)
    if path.parts[0].endswith(".data"):
        if path.parts[1] not in LIBRARIES:
            return None
        path = PurePosixPath(*path.parts[2:])
    unused = path.name in UNUSED_NAMES or path.suffix in UNUSED_SUFFIXES or UNUSED_FOLDERS & set(path.parts[:-1])
    return None if unused else path.as_posix()


def _console_modules(metadata: Mapping[str, bytes]) -> set[str]:
    """The files of the command line programs of a wheel, which a function does not run."""
    parser = configparser.ConfigParser()
    for name, content in metadata.items():
        if PurePosixPath(name).name == "entry_points.txt":
            parser.read_string(content.decode())
    programs = parser["console_scripts"].values() if "console_scripts" in parser else ()
    return {program.partition(":")[0].strip().replace(".", "/") + ".py" for program in programs}


def _reads_metadata(modules: Mapping[str, bytes], ignored: set[str]) -> bool:
    return any(
        _imports_reader(_parsed(content))
        for name, content in modules.items()
        if name.endswith(".py") and name not in ignored
    )


def _parsed(content: bytes) -> ast.AST:
    try:
        return ast.parse(content)
    except SyntaxError:
        # A package may hold files for other versions of Python, which nothing imports on this one.
        return ast.Module(body=[], type_ignores=[])


def _imports_reader(node: ast.AST) -> bool:
    """Whether code imports what reads metadata, other than for a lazy ``__version__``."""
    match node:
        case ast.FunctionDef(name="__getattr__"):
            return False
        case ast.Import(names=names):
            return any(alias.name in METADATA_READERS for alias in names)
        case ast.ImportFrom(module=str() as module, names=names):
            return any({module, f"{module}.{alias.name}"} & METADATA_READERS for alias in names)
    return any(map(_imports_reader, ast.iter_child_nodes(node)))
