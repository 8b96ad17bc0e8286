"""What the requirements files of a project pin: versions, extras, and the hashes of wheels.

pip-requirements-parser could read them, but follows files that include each other until Python's stack ends.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

import pulumi
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

# What the program needs, and the wheels that go into the functions, with their hashes (``make hashes``).
REQUIREMENTS = "requirements.txt"
WHEELS = "wheels.txt"
# The same for what the tools of a copy need beyond that. The first file is included by the one of the program.
OWN_REQUIREMENTS = "requirements-app.txt"
OWN_WHEELS = "wheels-app.txt"
# As pip reads the file: a comment or an option starts the line or follows white space.
CONTINUATION = re.compile(r"\\\n")
COMMENT = re.compile(r"(^|\s+)#.*$")
OPTION = re.compile(r"\s+-.*$")
INCLUDE = re.compile(r"(?:-r\s*|--requirement(?:\s+|=))(?P<file>.+)$")
HASH = re.compile(r"--hash[= ]sha256:(?P<digest>[0-9a-f]{64})")


@dataclass(frozen=True, order=True, slots=True)
class Pin:
    """A distribution at an exact version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


class Line(NamedTuple):
    """A requirement and the SHA-256 hashes of the files that may meet it."""

    requirement: Requirement
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Requirements:
    """The pins of a project, and the extras that it requests, by canonical name; the hashes of some pins."""

    versions: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hashes: Mapping[Pin, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, project: Path, markers: Mapping[str, str], *, own: bool = True) -> Self:
        """Read the requirements and the wheels of ``project`` whose markers hold. A file may be missing.

        With ``own``, those of the tools are among them. Raise ``pulumi.RunError`` if an included file does not exist.
        """
        without = set() if own else {(project / OWN_REQUIREMENTS).resolve()}
        wanted = list(_read_lines(project / REQUIREMENTS, markers, without))
        wheels = list(_read_lines(project / WHEELS, markers))
        wheels += _read_lines(project / OWN_WHEELS, markers) if own else []
        extras: defaultdict[str, set[str]] = defaultdict(set)
        for line in wanted:
            extras[canonicalize_name(line.requirement.name)] |= line.requirement.extras
        hashes: defaultdict[Pin, frozenset[str]] = defaultdict(frozenset)
        for line in (*wanted, *wheels):
            pin = _pin(line.requirement)
            if pin and line.hashes:
                hashes[pin] |= line.hashes
        pins = filter(None, (_pin(line.requirement) for line in wanted))
        return cls(
            {pin.name: pin.version for pin in pins},
            {name: frozenset(members) for name, members in extras.items()},
            dict(hashes),
        )

    def check(self, installed: Sequence[Pin]) -> None:
        """Raise ``pulumi.RunError`` for installed versions that are not pinned, and for pins whose hashes are old."""
        self.check_versions(installed)
        _refuse(problem for pin in installed for problem in self._wrong_hashes(pin))

    def check_versions(self, installed: Iterable[Pin]) -> None:
        """Raise ``pulumi.RunError`` for installed versions that are not pinned. It names library and both versions."""
        _refuse(problem for pin in installed for problem in self._wrong_version(pin))

    def _wrong_version(self, installed: Pin) -> Iterator[str]:
        pinned = self.versions.get(installed.name)
        if pinned is None:
            yield (
                f"{REQUIREMENTS} pins no version of {installed.name}, which a function needs; add {installed} to "
                f"{OWN_REQUIREMENTS}"
            )
        elif pinned != installed.version:
            yield (
                f"{REQUIREMENTS} pins {installed.name}=={pinned}, but {installed.version} is installed; run: "
                f"python -m pip install -r {REQUIREMENTS}"
            )

    def _wrong_hashes(self, pinned: Pin) -> Iterator[str]:
        hashed = sorted(pin.version for pin in self.hashes if pin.name == pinned.name)
        if hashed and pinned.version not in hashed:
            yield (
                f"{WHEELS} or {OWN_WHEELS} has hashes of {pinned.name}=={' and '.join(hashed)}, but {REQUIREMENTS} "
                f"pins {pinned}; run: make hashes"
            )


def _refuse(problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise pulumi.RunError("\n  ".join(["The functions cannot be built as they are pinned:", *found]))


def _pin(requirement: Requirement) -> Pin | None:
    """Return the exact version that a requirement asks for, if it asks for one."""
    match list(requirement.specifier):
        case [one] if one.operator == "==" and not one.version.endswith(".*"):
            return Pin(canonicalize_name(requirement.name), str(Version(one.version)))
    return None


def _read_lines(file: Path, markers: Mapping[str, str], without: AbstractSet[Path] = frozenset()) -> Iterator[Line]:
    for text in _texts(file, set(without)) if file.exists() else ():
        try:
            requirement = Requirement(OPTION.sub("", text))
        except InvalidRequirement:
            # A path, a URL or an option of pip has no name that a version or extras could belong to.
            continue
        if requirement.marker is None or requirement.marker.evaluate(dict(markers)):
            yield Line(requirement, frozenset(HASH.findall(text)))


def _texts(file: Path, seen: set[Path]) -> Iterator[str]:
    """Return the lines of a requirements file and of its included files, each file once."""
    seen.add(file.resolve())
    for raw in CONTINUATION.sub("", file.read_text(encoding="utf-8-sig")).splitlines():
        line = COMMENT.sub("", raw).strip()
        include = INCLUDE.match(line)
        if include is None:
            yield line
            continue
        included = file.parent / include["file"]
        if not included.exists():
            raise pulumi.RunError(f"{file.name} includes {include['file']}, which does not exist.")
        if included.resolve() not in seen:
            yield from _texts(included, seen)
