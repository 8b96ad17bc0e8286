"""The files of a wheel, at the paths where ``pip install --target`` puts them."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

# The kinds of files in <name>.data/<kind>/ of a wheel (PEP 427) and the folder for each. Headers, the only kind that is
# missing here, are useful only to a compiler.
FOLDERS = {"purelib": "", "platlib": "", "data": "", "scripts": "bin"}
EXECUTABLE = 0o111


class File(NamedTuple):
    """A file of an archive. ``owner`` is its distribution, or ``None`` for a file of the project."""

    content: bytes
    executable: bool = False
    owner: str | None = None


def wheel_files(wheel: Path, owner: str) -> Iterator[tuple[str, File]]:
    """Return all files of ``wheel`` with their paths in an archive.

    The metadata is included, because libraries look for versions and entry points there, and so are stubs and data.
    """
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            place = _place(PurePosixPath(entry.filename))
            if place is not None and not entry.is_dir():
                # The upper half is the Unix mode of the file. A wheel from another system has none.
                executable = bool(entry.external_attr >> 16 & EXECUTABLE)
                yield place, File(archive.read(entry), executable, owner)


def _place(path: PurePosixPath) -> str | None:
    if not path.parts[0].endswith(".data"):
        return path.as_posix()
    kind, *rest = path.parts[1:]
    return PurePosixPath(FOLDERS[kind], *rest).as_posix() if kind in FOLDERS else None
