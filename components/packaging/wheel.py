"""The files of a wheel, each at the place where ``pip install --target`` puts it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

# What a wheel keeps in <name>.data/<kind>/ (PEP 427), and the folder that each kind goes to. Headers, the one kind that
# is not named here, are of use to a compiler alone.
FOLDERS = {"purelib": "", "platlib": "", "data": "", "scripts": "bin"}
EXECUTABLE = 0o111


class File(NamedTuple):
    """A file of an archive. ``owner`` is the distribution that it comes from, ``None`` for one of the project's own."""

    content: bytes
    executable: bool = False
    owner: str | None = None


def wheel_files(wheel: Path, owner: str) -> Iterator[tuple[str, File]]:
    """The files of ``wheel`` by their place in an archive.

    All of them, the metadata too: libraries look for versions and entry points in it, and read stubs and data of any
    name.
    """
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            place = _place(PurePosixPath(entry.filename))
            if place is not None and not entry.is_dir():
                # Its upper half is a file's mode on Unix; a wheel that was made elsewhere has none.
                executable = bool(entry.external_attr >> 16 & EXECUTABLE)
                yield place, File(archive.read(entry), executable, owner)


def _place(path: PurePosixPath) -> str | None:
    if not path.parts[0].endswith(".data"):
        return path.as_posix()
    kind, *rest = path.parts[1:]
    return PurePosixPath(FOLDERS[kind], *rest).as_posix() if kind in FOLDERS else None
