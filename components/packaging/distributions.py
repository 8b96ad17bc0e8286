"""The third-party packages of a Lambda archive and their wheels for Lambda's platform."""

import functools
import importlib.metadata
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pulumi
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from components.packaging.closure import ThirdParty
from components.packaging.target import Target

# The Lambda runtime contains these and their requirements.
RUNTIME = frozenset({"awslambdaric"})
AWS_SDK = frozenset({"boto3", "botocore"})


@dataclass(frozen=True, order=True, slots=True)
class Pin:
    """A distribution at the exact version that is installed where the program runs."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


class Requested(NamedTuple):
    """A distribution by its canonical name, with the requested extras."""

    name: str
    extras: frozenset[str]


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds the distributions that a function needs on ``target``.

    ``extras`` are the extras that the project requests, by canonical name. ``provided`` are distributions that the
    Lambda runtime contains.
    """

    target: Target
    extras: Mapping[str, frozenset[str]]
    provided: frozenset[str] = RUNTIME | AWS_SDK

    def pins(self, imported: Iterable[ThirdParty]) -> list[Pin]:
        """Return the distributions of the ``imported`` modules and their requirements, in alphabetical order.

        Raise ``pulumi.RunError`` if one is not installed where the program runs.
        """
        found: dict[Requested, Pin] = {}
        for module in imported:
            if module.name.partition(".")[0] in self.provided:
                continue
            names = _providers(module.name)
            if not names and not module.optional:
                raise pulumi.RunError(
                    f"{module.importer} imports {module.name}, which is not installed; add it to requirements.txt."
                )
            for name in names:
                self._add(found, canonicalize_name(name), frozenset())
        return sorted(set(found.values()))

    def _add(self, found: dict[Requested, Pin], name: str, extras: frozenset[str]) -> None:
        """Add a distribution and, recursively, its requirements."""
        requested = Requested(name, extras | self.extras.get(name, frozenset()))
        if requested in found or name in self.provided:
            return
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError as error:
            raise pulumi.RunError(
                f"The functions need {name}, which is not installed; add it to requirements.txt."
            ) from error
        found[requested] = Pin(name, str(Version(distribution.version)))
        for line in distribution.requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate(self.target.markers(extra)) for extra in requested.extras | {""}):
                self._add(found, canonicalize_name(requirement.name), frozenset(requirement.extras))


@functools.cache
def _packages() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


@functools.cache
def _providers(module: str) -> tuple[str, ...]:
    """Return the installed distributions of ``module``: one, unless several share a namespace package."""
    names = sorted(set(_packages().get(module.partition(".")[0], ())))
    parts = module.split(".")
    while len(names) > 1 and parts:
        folder = "/".join(parts)
        sharing = [name for name in names if _holds(name, folder)]
        if sharing:
            return tuple(sharing)
        parts.pop()
    return tuple(names)


def _holds(name: str, folder: str) -> bool:
    files = importlib.metadata.files(name) or ()
    return any(file.as_posix().startswith((f"{folder}/", f"{folder}.")) for file in files)


def fetch_wheels(wanted: Iterable[Pin], target: Target, cache: Path) -> dict[Pin, Path]:
    """Download the wheels of ``wanted`` for ``target`` into ``cache``, unless they are there, and return their paths.

    Raise ``pulumi.RunError`` if pip finds no wheel: a build from source would be for this machine.
    """
    wanted = list(wanted)
    folder = cache / f"{target.runtime}-{target.architecture}"
    present = _find_wheels(folder)
    missing = [pin for pin in wanted if pin not in present]
    if missing:
        _download(missing, target, folder)
        present = _find_wheels(folder)
    return {pin: present[pin] for pin in wanted}


def _find_wheels(folder: Path) -> dict[Pin, Path]:
    found = {}
    for file in sorted(folder.glob("*.whl")):
        name, version, *_ = parse_wheel_filename(file.name)
        found[Pin(name, str(version))] = file
    return found


def _download(missing: list[Pin], target: Target, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        # Requires-Python may name a patch release; pip cannot know Lambda's. This version is installed here.
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--implementation=cp", "--ignore-requires-python"]
        options += [
            f"--python-version={target.python}",
            *(f"--platform={tag}" for tag in target.platforms),
            f"--dest={scratch}",
        ]
        command = [sys.executable, "-m", "pip", "download", *options, *map(str, missing)]
        # The current interpreter, with names and versions of installed distributions, and no shell.
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603
        if done.returncode:
            raise pulumi.RunError(
                f"pip found no wheels for {', '.join(map(str, missing))} that run on Lambda with {target.runtime} "
                f"({target.architecture}, glibc 2.{target.glibc}):\n{done.stderr.strip()}"
            )
        for file in Path(scratch).glob("*.whl"):
            file.replace(folder / file.name)
