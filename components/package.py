"""Builds the archive of a Lambda function: what the function imports, compiled, and nothing else.

The same input gives the same bytes: fixed times, order and modes. An archive is kept under the hash of all that went
into it, so building it again costs no more than reading its sources.
"""

import hashlib
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.closure import closure
from components.distributions import Pin, pins, wheels
from components.target import Target
from components.wheel import runtime_files

# The earliest time that a zip file can state.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644
UNIX = 3
# Where Lambda unpacks the archive, and so what tracebacks say.
TASK_ROOT = "/var/task"


@dataclass(frozen=True, slots=True)
class Packager:
    """Builds archives from the modules below ``source`` for ``target``; keeps them and their wheels in ``cache``."""

    source: Path
    target: Target
    cache: Path

    def build(self, module: str, data: Sequence[str] = (), also: Sequence[str] = ()) -> Path:
        """The archive of the function whose handler is in ``module``, with the ``data`` folders below ``source``.

        ``also`` are modules that it imports by a name that its code does not hold.

        Raises ``pulumi.RunError`` when a third-party package is not installed or has no wheel for the target, and
        ``ModuleNotFoundError`` when there is no such module.
        """
        needed = closure(self.source, module, *also)
        files = {file.relative_to(self.source).as_posix(): file.read_bytes() for file in needed.files}
        files |= {name: content for folder in data for name, content in self._folder(folder)}
        pinned = pins(needed.third_party, self.target)
        archive = self.cache / f"{module}-{self._digest(files, pinned)}.zip"
        if not archive.exists():
            for wheel in wheels(pinned, self.target, self.cache / "wheels"):
                files |= runtime_files(wheel)
            self._write(archive, files)
        return archive

    def _folder(self, folder: str) -> Iterator[tuple[str, bytes]]:
        for file in sorted((self.source / folder).rglob("*")):
            if file.is_file():
                yield file.relative_to(self.source).as_posix(), file.read_bytes()

    def _digest(self, files: Mapping[str, bytes], pinned: Sequence[Pin]) -> str:
        """The hash of everything that an archive depends on, the builder and the compiler included."""
        builder = [(Path(__file__).parent / name).read_bytes() for name in ("package.py", "wheel.py")]
        digest = hashlib.sha256(repr((self.target, pinned, sys.version, builder)).encode())
        for name, content in sorted(files.items()):
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:16]

    def _write(self, archive: Path, files: Mapping[str, bytes]) -> None:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
            root = Path(scratch, "task")
            for name, content in files.items():
                file = root / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            _compile(root)
            unfinished = Path(scratch, "archive.zip")
            _zip(root, unfinished)
            unfinished.replace(archive)


def _compile(root: Path) -> None:
    """Compile every module below ``root`` for the Python that runs this, as code that is never checked for age.

    Lambda's file system is read-only, so what is not compiled here is compiled at every cold start.
    """
    # In a process of its own, with fixed hashes: what a compiled file shares with others depends on what was loaded.
    options = ["-q", "-f", "--invalidation-mode=unchecked-hash", f"-s{root}", f"-p{TASK_ROOT}"]
    command = [sys.executable, "-S", "-s", "-m", "compileall", *options, str(root)]
    # A package may hold files for other versions of Python; those stay uncompiled. No shell, and only paths made here.
    subprocess.run(command, env={"PYTHONHASHSEED": "0"}, stdout=subprocess.DEVNULL, check=False)  # nosec B603


def _zip(root: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(root.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(root).as_posix(), EPOCH)
                entry.create_system = UNIX
                entry.external_attr = READABLE_FILE << 16
                target.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
