"""Builds the archive of a Lambda function: its code and the libraries that it imports, with compiled files.

The same input gives the same bytes: times, order and modes are fixed. An archive is cached under the hash of its
inputs, so building it again only reads the sources.
"""

import hashlib
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import source_from_cache
from pathlib import Path

from components.packaging.closure import all_files, closure
from components.packaging.distributions import AWS_SDK, RUNTIME, Pin, Resolver, fetch_wheels
from components.packaging.limits import check_size
from components.packaging.requirements import read_extras
from components.packaging.target import Target
from components.packaging.unused import without_tests
from components.packaging.wheel import File, wheel_files

# The earliest time that a zip file can state.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644
EXECUTABLE_FILE = 0o100755
OWNERS_EXECUTABLE = 0o100
UNIX = 3
# The modules that determine the content of an archive.
BUILDER = ("archive.py", "unused.py", "wheel.py")
# Lambda unpacks the archive here, so tracebacks show this path.
TASK_ROOT = "/var/task"
OWN = "your own files"


@dataclass(frozen=True, slots=True)
class Packager:
    """Builds archives from the modules below ``source`` for ``target``, and caches them and their wheels in ``cache``.

    ``package_boto3`` packages boto3 for functions that import it. Otherwise they use the one of the Lambda runtime.
    """

    source: Path
    target: Target
    cache: Path
    package_boto3: bool = False

    def build(self, module: str, data: Sequence[str] = (), also: Sequence[str] = ()) -> Path:
        """Build the archive of the function whose handler is in ``module``, and return its path.

        ``data`` are folders below ``source`` to include. ``also`` are modules that the function imports by a name that
        is not in its code.

        Raise ``pulumi.RunError`` if a third-party package is not installed or has no wheel for the target, or if the
        archive is too large for Lambda. Raise ``ModuleNotFoundError`` if a module does not exist.
        """
        needed = closure(self.source, module, *also)
        in_folders = [file for folder in data for file in all_files(self.source / folder)]
        own = {file.relative_to(self.source).as_posix(): _read_file(file) for file in [*needed.files, *in_folders]}
        extras = read_extras(self.source / "requirements.txt", self.target.markers(""))
        provided = RUNTIME if self.package_boto3 else RUNTIME | AWS_SDK
        pinned = Resolver(self.target, extras, provided).pins(needed.third_party)
        archive = self.cache / f"{module}-{self._digest(own, pinned)}.zip"
        if not archive.exists():
            # A library with a top-level folder of tests must not replace files of this project.
            self._write_archive(archive, module, without_tests(self._libraries(pinned) | own))
        return archive

    def _libraries(self, pinned: Sequence[Pin]) -> dict[str, File]:
        found = fetch_wheels(pinned, self.target, self.cache / "wheels")
        return {name: file for pin, wheel in found.items() for name, file in wheel_files(wheel, str(pin))}

    def _digest(self, own: Mapping[str, File], pinned: Sequence[Pin]) -> str:
        """Return the hash of everything that an archive depends on, including the builder and the compiler."""
        builder = [(Path(__file__).parent / name).read_bytes() for name in BUILDER]
        digest = hashlib.sha256(repr((self.target, pinned, sys.version, builder)).encode())
        for name, file in sorted(own.items()):
            digest.update(f"{name}\0{file.executable}\0{len(file.content)}\0".encode() + file.content)
        return digest.hexdigest()[:16]

    def _write_archive(self, archive: Path, module: str, files: Mapping[str, File]) -> None:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
            root = Path(scratch, "task")
            for name, file in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
            _compile(root)
            unfinished = Path(scratch, "archive.zip")
            check_size(unfinished, module, _zip(root, unfinished, files))
            unfinished.replace(archive)


def _read_file(file: Path) -> File:
    return File(file.read_bytes(), bool(file.stat().st_mode & OWNERS_EXECUTABLE))


def _compile(root: Path) -> None:
    """Compile every module below ``root`` for the current Python, without checks of modification times.

    Lambda's file system is read-only, so a module that is not compiled here is compiled at every cold start.
    """
    # A separate process with fixed hashes, because references in a compiled file depend on what was loaded before.
    options = ["-q", "-f", "--invalidation-mode=unchecked-hash", f"-s{root}", f"-p{TASK_ROOT}"]
    command = [sys.executable, "-S", "-s", "-m", "compileall", *options, str(root)]
    # A package may contain files for other versions of Python, which cannot be compiled. No shell, and only own paths.
    subprocess.run(command, env={"PYTHONHASHSEED": "0"}, stdout=subprocess.DEVNULL, check=False)  # nosec B603


def _zip(root: Path, archive: Path, files: Mapping[str, File]) -> dict[str, str]:
    """Pack everything below ``root``: ``files`` and their compiled forms. Return the owner of each entry."""
    owners = {}
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(root.rglob("*")):
            if not path.is_file():
                continue
            name = path.relative_to(root).as_posix()
            file = files.get(name) or files[source_from_cache(name)]._replace(executable=False)
            owners[name] = file.owner or OWN
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = UNIX
            entry.external_attr = (EXECUTABLE_FILE if file.executable else READABLE_FILE) << 16
            target.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return owners
