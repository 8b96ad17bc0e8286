"""A release: the version, its heading in the changelog, and what the next version is held against."""

import re
from datetime import date
from pathlib import Path

from semver import Version

from runtime.version import VERSION
from tests.compatibility import surface, world
from tests.compatibility.recording import Recording, to_json
from tests.compatibility.surface import ROOT
from tests.memory.table import MemoryTable

VERSION_FILE = Path("runtime") / "version.py"
CHANGELOG = Path("CHANGELOG.md")
UNRELEASED = "## [Unreleased]\n"


class NoRelease(Exception):
    """This cannot be released. The text says why."""


def release(version: str, day: date, root: Path = ROOT) -> None:
    """Give the unreleased changes of the project in ``root`` a version. Raise NoRelease, and change nothing then."""
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


def record(version: str) -> None:
    """Record what this version writes and what others build upon, for the next one to be tested with."""
    Recording.make().save()
    surface.save(version)
    table = MemoryTable()
    held = world.Held.begin(world.World(table))
    world.save(to_json(table), held, version)
