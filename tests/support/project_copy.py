"""A copy of this project as a clone has it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from local.program import ROOT


def copy_project(directory: Path) -> Path:
    """Copy the project to ``directory``, which does not exist yet, without Git's files and what it ignores."""
    lines = [line for line in (ROOT / ".gitignore").read_text().splitlines() if line and not line.startswith("#")]
    anchored = {line.strip("/") for line in lines if line.startswith("/")}
    anywhere = {line.strip("/") for line in lines if not line.startswith("/")} | {".git"}

    def ignore(folder: str, names: Sequence[str]) -> set[str]:
        below = Path(folder).relative_to(ROOT)
        return {name for name in names if name in anywhere or (below / name).as_posix() in anchored}

    shutil.copytree(ROOT, directory, ignore=ignore, symlinks=True)
    return directory
