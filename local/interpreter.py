"""The Python that the emulator runs functions with. Like Lambda's, it has boto3 and the standard library."""

import importlib.metadata
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.errors import LocalError

PROVIDED = "boto3"


def make_interpreter(folder: Path) -> Path:
    """Create a virtual environment with boto3 and its requirements in ``folder``. Return the path of its interpreter.

    It links to the installed libraries, so their versions are the pinned ones and nothing is downloaded or copied.
    Raise LocalError if one of them is not installed.
    """
    venv.create(folder, clear=True, symlinks=True)
    base = str(folder)
    site_packages = Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))
    for distribution in _requirements(PROVIDED):
        for name in _top_level(distribution):
            (site_packages / name).symlink_to(Path(str(distribution.locate_file(name))).resolve())
    return folder / "bin" / "python"


def _requirements(name: str) -> Iterator[importlib.metadata.Distribution]:
    """Return a distribution and its requirements, each once."""
    seen: set[str] = set()
    pending = [name]
    while pending:
        name = canonicalize_name(pending.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError as error:
            raise LocalError(f"{name} is not installed; run: make up") from error
        yield distribution
        requirements = map(Requirement, distribution.requires or ())
        pending += [found.name for found in requirements if not found.marker or found.marker.evaluate({"extra": ""})]


def _top_level(distribution: importlib.metadata.Distribution) -> set[str]:
    """Return the names of a distribution in ``site-packages``, including its metadata."""
    return {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
