"""Builds the archive of a Lambda function: its code and the libraries that it imports, with compiled files.

A bill of materials lies beside each archive.

The same input gives the same bytes: times, order and modes are fixed. An archive is cached under the hash of its
inputs, so building it again only reads the sources.
"""

import hashlib
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import source_from_cache
from pathlib import Path, PurePath

from components.packaging.closure import all_files, closure
from components.packaging.compilation import compile_modules
from components.packaging.distributions import AWS_SDK, RUNTIME, Resolver
from components.packaging.fetching import fetch_wheels
from components.packaging.limits import ZIPPED_BYTES, check_size
from components.packaging.openapi_tables import package_tables
from components.packaging.requirements import Pin, Requirements
from components.packaging.sbom import SUFFIX, write_bill
from components.packaging.sources import Sources
from components.packaging.target import Target
from components.packaging.unused import without_tests
from components.packaging.wheel import File, wheel_files
from runtime.version import VERSION

# The earliest time that a zip file can state.
EPOCH = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644
EXECUTABLE_FILE = 0o100755
OWNERS_EXECUTABLE = 0o100
UNIX = 3
# The modules that determine the content of an archive and of its bill.
BUILDER = ("archive.py", "compilation.py", "licences.py", "limits.py", "sbom.py", "unused.py", "wheel.py")
# What a zip file holds for each entry besides its content and, twice, its name.
HEADER_BYTES = 30 + 46
OWN = "your own files"


@dataclass(frozen=True, slots=True)
class Packager:
    """Builds archives from the modules below ``source`` for ``target``, and caches them and their wheels in ``cache``.

    The folder ``app``, if there is one, takes the place of ``runtime/app``.
    ``package_boto3`` packages boto3 for functions that import it. Otherwise they use the one of the Lambda runtime.
    """

    source: Path
    target: Target
    cache: Path
    package_boto3: bool = False
    app: Path | None = None

    @property
    def sources(self) -> Sources:
        """Where the modules are."""
        return Sources(self.source, self.app)

    def build(
        self,
        module: str,
        data: Sequence[str] = (),
        also: Sequence[str] = (),
        generated: Mapping[str, bytes] | None = None,
    ) -> Path:
        """Build the archive of the function whose handler is in ``module``, and return its path.

        ``data`` are folders and files below ``source`` to include. ``also`` are modules that the function imports by a
        name that is not in its code. ``generated`` are files that are nowhere else, by their paths in the archive.

        Raise ``pulumi.RunError`` if a third-party package is not installed in the version that is pinned or has no
        wheel for the target, if a module cannot be compiled, or if the archive is too large for Lambda. Raise
        ``ModuleNotFoundError`` if a module does not exist.
        """
        sources = self.sources
        needed = closure(sources, module, *also)
        modules = [file for file in needed.files if file.suffix == ".py"]
        openapi = package_tables(modules, self.cache / "openapi")
        in_folders = [file for path in data for file in all_files(sources.path(*PurePath(path).parts))]
        files = [file for file in [*needed.files, *in_folders] if file not in openapi.documents]
        own = {sources.name(file).as_posix(): _read_file(file) for file in files}
        own |= {sources.name(path).as_posix(): File(table, executable=False) for path, table in openapi.tables.items()}
        own |= {name: File(content, executable=False) for name, content in (generated or {}).items()}
        requirements = Requirements.read(self.source, self.target.markers(""))
        provided = RUNTIME if self.package_boto3 else RUNTIME | AWS_SDK
        installed = Resolver(self.target, requirements.extras, provided).pins(needed.third_party)
        requirements.check(installed)
        wheels = {pin: requirements.hashes.get(pin, frozenset()) for pin in installed}
        archive = self.cache / f"{module}-{self._digest(own, wheels)}.zip"
        bill = archive.with_suffix(SUFFIX)
        if not archive.exists() or not bill.exists():
            found = fetch_wheels(wheels, self.target, self.cache / "wheels")
            libraries = {name: file for pin, wheel in found.items() for name, file in wheel_files(wheel, str(pin))}
            # A library with a top-level folder of tests must not replace files of this project.
            self._write_archive(archive, module, without_tests(libraries | own))
            about = {"python": sys.version.split()[0], "architecture": self.target.architecture}
            write_bill(bill, archive, module, found, about)
        return archive

    def _digest(self, own: Mapping[str, File], wheels: Mapping[Pin, frozenset[str]]) -> str:
        """Return the hash of everything that an archive depends on, including the builder and the compiler."""
        builder = [(Path(__file__).parent / name).read_bytes() for name in BUILDER]
        pinned = [(pin, sorted(hashes)) for pin, hashes in wheels.items()]
        digest = hashlib.sha256(repr((self.target, pinned, sys.version, builder, VERSION)).encode())
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
            compile_modules(root, files)
            unfinished = Path(scratch, "archive.zip")
            check_size(unfinished, module, _zip(root, unfinished, files))
            unfinished.replace(archive)


def _read_file(file: Path) -> File:
    return File(file.read_bytes(), bool(file.stat().st_mode & OWNERS_EXECUTABLE))


def _zip(root: Path, archive: Path, files: Mapping[str, File]) -> dict[str, str]:
    """Pack everything below ``root``: ``files`` and their compiled forms. Return the owner of each entry.

    What zlib makes of a file differs between its builds, so files are stored as they are. Only an archive that Lambda
    would refuse then is compressed.
    """
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    names = {path: path.relative_to(root).as_posix() for path in paths}
    stored = sum(path.stat().st_size + 2 * len(names[path].encode()) + HEADER_BYTES for path in paths)
    method = zipfile.ZIP_STORED if stored <= ZIPPED_BYTES else zipfile.ZIP_DEFLATED
    owners = {}
    with zipfile.ZipFile(archive, "w") as target:
        for path, name in names.items():
            file = files.get(name) or files[source_from_cache(name)]._replace(executable=False)
            owners[name] = file.owner or OWN
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = UNIX
            entry.external_attr = (EXECUTABLE_FILE if file.executable else READABLE_FILE) << 16
            target.writestr(entry, path.read_bytes(), method, compresslevel=9)
    return owners
