"""Where the modules of functions are: in this project, and in a folder of its owner's."""

from dataclasses import dataclass
from pathlib import Path, PurePath

APP = ("runtime", "app")


@dataclass(frozen=True, slots=True)
class Sources:
    """The ``root`` of a project, and the folder that takes the place of its ``runtime/app``, if there is one."""

    root: Path
    app: Path | None = None

    def path(self, *parts: str) -> Path:
        """Return where a file or folder is whose path in the archive has these parts."""
        if self.app is not None and parts[: len(APP)] == APP:
            return self.app.joinpath(*parts[len(APP) :])
        return self.root.joinpath(*parts)

    def name(self, path: Path) -> PurePath:
        """Return the path that a file or folder has in the archive."""
        if self.app is not None and path.is_relative_to(self.app):
            return PurePath(*APP, path.relative_to(self.app))
        return PurePath(path.relative_to(self.root))
