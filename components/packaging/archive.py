"""Builds the archive of a Lambda function: its code, the whole libraries that it imports, and all of that compiled.

The same input gives the same bytes: fixed times, order and modes. An archive is kept under the hash of all that went
into it, so building it again costs no more than reading its sources.
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
from components.packaging.distributions import AWS_SDK, RUNTIME, Pin, Resolver, wheels
from components.packaging.limits import check_size
from components.packaging.requirements import requested_extras
from components.packaging.target import Target
from components.packaging.unused import without_tests
from components.packaging.wheel import File, wheel_files

# The earliest time that a zip file can state.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644
EXECUTABLE_FILE = 0o100755
OWNERS_EXECUTABLE = 0o100
UNIX = 3
# What decides about the content of an archive, beside what goes into it.
BUILDER = ("archive.py", "unused.py", "wheel.py")
# Where Lambda unpacks the archive, and so what tracebacks say.
TASK_ROOT = "/var/task"


OWN = "your own files"


@dataclass(frozen=True, slots=True)
class Packager:
    """Builds archives from the modules below ``source`` for ``target``; keeps them and their wheels in ``cache``.

    ``package_boto3`` puts boto3 into those that import it. Else they use that of the Lambda runtime.
    """

    source: Path
    target: Target
    cache: Path
    package_boto3: bool = False

    def build(self, module: str, data: Sequence[str] = (), also: Sequence[str] = ()) -> Path:
        """The archive of the function whose handler is in ``module``, with the ``data`` folders below ``source``.

        ``also`` are modules that it imports by a name that its code does not hold.

        Raises ``pulumi.RunError`` when a third-party package is not installed or has no wheel for the target, or when
        the archive is too large for Lambda, and ``ModuleNotFoundError`` when there is no such module.
        """
        needed = closure(self.source, module, *also)
        in_folders = [file for folder in data for file in all_files(self.source / folder)]
        own = {file.relative_to(self.source).as_posix(): _own(file) for file in [*needed.files, *in_folders]}
        extras = requested_extras(self.source / "requirements.txt", self.target.markers(""))
        provided = RUNTIME if self.package_boto3 else RUNTIME | AWS_SDK
        pinned = Resolver(self.target, extras, provided).pins(needed.third_party)
        archive = self.cache / f"{module}-{self._digest(own, pinned)}.zip"
        if not archive.exists():
            # A library with a folder of tests beside its package must not take the place of ours.
            self._write(archive, module, without_tests(self._libraries(pinned) | own))
        return archive

    def _libraries(self, pinned: Sequence[Pin]) -> dict[str, File]:
        found = wheels(pinned, self.target, self.cache / "wheels")
        return {name: file for pin, wheel in found.items() for name, file in wheel_files(wheel, str(pin))}

    def _digest(self, own: Mapping[str, File], pinned: Sequence[Pin]) -> str:
        """The hash of everything that an archive depends on, the builder and the compiler included."""
        builder = [(Path(__file__).parent / name).read_bytes() for name in BUILDER]
        digest = hashlib.sha256(repr((self.target, pinned, sys.version, builder)).encode())
        for name, file in sorted(own.items()):
            digest.update(f"{name}\0{file.executable}\0{len(file.content)}\0".encode() + file.content)
        return digest.hexdigest()[:16]

    def _write(self, archive: Path, module: str, files: Mapping[str, File]) -> None:
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


def _own(file: Path) -> File:
    return File(file.read_bytes(), bool(file.stat().st_mode & OWNERS_EXECUTABLE))


def _compile(root: Path) -> None:
    """Compile every module below ``root`` for the Python that runs this, as code that is never checked for age.

    Lambda's file system is read-only, so what is not compiled here is compiled at every cold start.
    """
    # In a process of its own, with fixed hashes: what a compiled file shares with others depends on what was loaded.
    options = ["-q", "-f", "--invalidation-mode=unchecked-hash", f"-s{root}", f"-p{TASK_ROOT}"]
    command = [sys.executable, "-S", "-s", "-m", "compileall", *options, str(root)]
    # A package may hold files for other versions of Python; those stay uncompiled. No shell, and only paths made here.
    subprocess.run(command, env={"PYTHONHASHSEED": "0"}, stdout=subprocess.DEVNULL, check=False)  # nosec B603


def _zip(root: Path, archive: Path, files: Mapping[str, File]) -> dict[str, str]:
    """Pack all that is below ``root``, ``files`` and what was compiled from them; who owns each entry."""
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
