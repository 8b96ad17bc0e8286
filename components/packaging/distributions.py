"""The third-party packages of a Lambda archive."""

import functools
import importlib.metadata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pulumi
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from components.packaging.closure import ThirdParty
from components.packaging.requirements import Pin
from components.packaging.target import Target

# The Lambda runtime contains these and their requirements.
RUNTIME = frozenset({"awslambdaric"})
AWS_SDK = frozenset({"boto3", "botocore"})


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
                    f"{module.importer} imports {module.name}, which is not installed; add it to requirements-app.txt."
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
                f"The functions need {name}, which is not installed; add it to requirements-app.txt."
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
