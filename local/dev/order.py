"""What the process that serves the app is told to do."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

# What the process writes when it is about to serve.
READY: Final = b"ready"


@dataclass(frozen=True, slots=True)
class Order:
    """The app and the caller. ``directory`` takes the place of ``runtime/app``, as ``appDirectory`` does.

    ``scopes`` are those of the caller, all that the app names if ``None``. ``key`` signs what clients carry: it is the
    same for every process of one ``make dev``, so that an answer counts after a change. ``failure`` is an error to
    answer with instead of importing the app. ``environment`` adds environment variables.
    """

    module: str
    directory: str | None
    port: int
    subject: str
    scopes: tuple[str, ...] | None
    key: str
    failure: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where clients find the app."""
        return f"http://127.0.0.1:{self.port}/mcp"

    def is_of_app(self, path: Path, root: Path) -> bool:
        """Whether a file can only be imported with the app."""
        project = any(path.is_relative_to(root / folder) for folder in ("runtime", "local"))
        return not project or path.is_relative_to(root / "runtime" / "app")

    def folders(self, root: Path) -> tuple[Path, ...]:
        """Return the folders whose files the app is made of."""
        parts = self.module.split(".")
        if self.directory is not None:
            own = Path(self.directory)
        elif self.module.startswith("runtime."):
            own = root / "runtime"
        else:
            own = root / parts[0]
        return tuple(dict.fromkeys([root / "runtime", root / "schemas", own if own.is_dir() else root]))

    def to_json(self) -> str:
        """Return the order as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Return the order in a line."""
        members = json.loads(line)
        scopes = members.pop("scopes")
        return cls(**members, scopes=None if scopes is None else tuple(scopes))
