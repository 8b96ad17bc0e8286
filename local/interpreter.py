"""The Python that the emulator runs functions with: it has what Lambda's own has beside the standard library, boto3."""

import importlib.metadata
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.errors import LocalError

BROUGHT = "boto3"


def make_interpreter(folder: Path) -> Path:
    """Make a virtual environment of boto3 and what it requires in ``folder``; the path of its interpreter.

    They are links to what is installed here, so the version is the pinned one and nothing is fetched or copied. Raises
    LocalError when one of them is not installed.
    """
    venv.create(folder, clear=True, symlinks=True)
    base = str(folder)
    site_packages = Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))
    for distribution in _required(BROUGHT):
        for name in _top_level(distribution):
            (site_packages / name).symlink_to(Path(str(distribution.locate_file(name))).resolve())
    return folder / "bin" / "python"


def _required(name: str) -> Iterator[importlib.metadata.Distribution]:
    """A distribution and what it requires, each once."""
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
    """The names in ``site-packages`` that a distribution consists of, its metadata among them."""
    return {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
