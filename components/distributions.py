"""The third-party packages that go into a Lambda archive: which they are, and their wheels for Lambda's platform."""

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

from components.closure import ThirdParty
from components.target import Target

# The Lambda runtime brings these and what they require.
PROVIDED = {"boto3", "botocore", "awslambdaric"}


@dataclass(frozen=True, order=True, slots=True)
class Pin:
    """A distribution at exactly the version that is installed where the program runs."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def pins(imported: Iterable[ThirdParty], target: Target) -> list[Pin]:
    """The distributions that provide ``imported``, and those that they require on ``target``, in alphabetical order.

    Raises ``pulumi.RunError`` for one that is not installed where the program runs.
    """
    found: dict[Requested, Pin] = {}
    for module in imported:
        if module.name.partition(".")[0] in PROVIDED:
            continue
        names = _providers(module.name)
        if not names and not module.optional:
            raise pulumi.RunError(
                f"{module.importer} imports {module.name}, which is not installed; add it to requirements.txt."
            )
        for name in names:
            _add(found, Requested(canonicalize_name(name), frozenset()), target)
    return sorted(set(found.values()))


class Requested(NamedTuple):
    """A distribution under its canonical name, with the extras that are asked of it."""

    name: str
    extras: frozenset[str]


def _add(found: dict[Requested, Pin], requested: Requested, target: Target) -> None:
    """Add a distribution and, recursively, what it requires."""
    if requested in found or requested.name in PROVIDED:
        return
    try:
        distribution = importlib.metadata.distribution(requested.name)
    except importlib.metadata.PackageNotFoundError as error:
        raise pulumi.RunError(
            f"The functions need {requested.name}, which is not installed; add it to requirements.txt."
        ) from error
    found[requested] = Pin(requested.name, distribution.version)
    for line in distribution.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate(target.markers(extra)) for extra in requested.extras | {""}):
            _add(found, Requested(canonicalize_name(requirement.name), frozenset(requirement.extras)), target)


@functools.cache
def _packages() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


@functools.cache
def _providers(module: str) -> tuple[str, ...]:
    """The installed distributions that ``module`` comes from: one, unless several share a namespace package."""
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


def wheels(wanted: Iterable[Pin], target: Target, cache: Path) -> list[Path]:
    """The wheels of ``wanted`` for ``target``, downloaded into ``cache`` unless they are there.

    Raises ``pulumi.RunError`` when pip finds none: nothing is ever built from source, which would be for this machine.
    """
    wanted = list(wanted)
    folder = cache / f"{target.runtime}-{target.architecture}"
    missing = [pin for pin in wanted if pin not in _present(folder)]
    if missing:
        _download(missing, target, folder)
    present = _present(folder)
    return [present[pin] for pin in wanted]


def _present(folder: Path) -> dict[Pin, Path]:
    found = {}
    for file in sorted(folder.glob("*.whl")):
        name, version, *_ = parse_wheel_filename(file.name)
        found[Pin(name, str(version))] = file
    return found


def _download(missing: list[Pin], target: Target, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--implementation=cp", f"--dest={scratch}"]
        options += [f"--python-version={target.python}", *(f"--platform={tag}" for tag in target.platforms)]
        command = [sys.executable, "-m", "pip", "download", *options, *map(str, missing)]
        # This very interpreter, with names and versions of installed distributions, and no shell.
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # nosec B603
        if done.returncode:
            raise pulumi.RunError(
                f"pip found no wheels of {', '.join(map(str, missing))} for {target.runtime} on Lambda "
                f"({target.architecture}):\n{done.stderr.strip()}"
            )
        for file in Path(scratch).glob("*.whl"):
            file.replace(folder / file.name)
