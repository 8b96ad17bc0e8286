"""A release: the version, its heading in the changelog, and what the next version is held against."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

from semver import Version

from runtime.version import VERSION
from tests.compatibility import package, surface, world
from tests.compatibility.recording import Recording, to_json
from tests.compatibility.surface import ROOT
from tests.memory.table import MemoryTable

FIRST_FILLING = Path(__file__).with_name("first-filling.json")
VERSION_FILE = Path("runtime") / "version.py"
CHANGELOG = Path("CHANGELOG.md")
UNRELEASED = "## [Unreleased]\n"


class NoRelease(Exception):
    """This cannot be released. The text says why."""


def release(version: str, day: date, root: Path = ROOT) -> None:
    """Give the unreleased changes of the project in ``root`` a version. Raise NoRelease, and change nothing then."""
    changed = changed_first_filling(root)
    if changed:
        raise NoRelease(f"an owner of a copy has changed these files, too, so leave them as they were: {changed}")
    if Version.parse(version) <= Version.parse(VERSION):
        raise NoRelease(f"{version} does not come after {VERSION}")
    changelog = (root / CHANGELOG).read_text()
    _, _, rest = changelog.partition(UNRELEASED)
    if not re.match(r"\s*(?!## )\S", rest):
        raise NoRelease(f"{CHANGELOG} has nothing under Unreleased")
    heading = f"{UNRELEASED}\n## [{version}] - {day.isoformat()}\n"
    (root / CHANGELOG).write_text(changelog.replace(UNRELEASED, heading, 1))
    source = (root / VERSION_FILE).read_text()
    (root / VERSION_FILE).write_text(source.replace(f'"{VERSION}"', f'"{version}"'))


def changed_first_filling(root: Path) -> str:
    """Return the files that every owner starts with and changes, and that are not as they were in the first release.

    A release that changed one would be in conflict with all that they did.
    """
    first = json.loads(FIRST_FILLING.read_bytes())
    return ", ".join(
        name
        for name, digest in first.items()
        if not (root / name).exists() or hashlib.sha256((root / name).read_bytes()).hexdigest() != digest
    )


def record(version: str) -> None:
    """Record what this version writes and what others build upon, for the next one to be tested with."""
    Recording.make().save()
    surface.save(version)
    package.save(version)
    table = MemoryTable()
    held = world.Held.begin(world.World(table))
    world.save(to_json(table), held, version)
