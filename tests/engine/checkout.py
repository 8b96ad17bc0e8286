"""A checkout of the repository as somebody else has it: with a history of its own, and the packages of this machine."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from local.program import ROOT

_IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")


def make_checkout(directory: Path) -> Path:
    """Copy the files that git knows or would add, commit them on ``main``, and return the directory."""
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, directory / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    git(directory, "init", "--quiet")
    commit(directory, "house: start")
    return directory


def share_packages(directory: Path) -> None:
    """Let the ``.venv`` of a checkout find the packages of this one, so that pip has nothing to download."""
    packages = Path(sysconfig.get_path("purelib"))
    place = directory / ".venv" / packages.relative_to(sys.prefix)
    place.mkdir(parents=True, exist_ok=True)
    (place / "shared.pth").write_text(f"{packages}\n")


def commit(directory: Path, message: str, files: Mapping[str, str] | None = None) -> str:
    """Write ``files``, commit everything, and return the commit."""
    for name, text in (files or {}).items():
        (directory / name).write_text(text)
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(directory, "rev-parse", "HEAD")


def git(directory: Path, *arguments: str) -> str:
    """Run git and return what it printed."""
    command = ["git", *_IDENTITY, *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True).stdout.strip()
