"""What an edge needs to know. It reads this from a file, because the key must not be on a command line."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

CLOUDFRONT = "cloudfront"
NONE = "none"


class Admission(NamedTuple):
    """The ``networks`` whose clients the firewall lets in, and the response to all others."""

    networks: tuple[str, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Settings(NamedTuple):
    """An edge, and the stage behind it.

    ``edge`` is a value of the configuration key of that name. ``host`` selects the API at the emulator on ``port``.
    ``key`` is what the edge sends as ``x-api-key``; without one, that header is the client's. The responses
    to the paths in ``cached`` are for everybody: no header of a client reaches the stage with such a request. Without
    an ``admission``, everybody may connect.
    """

    edge: str
    port: int
    host: str
    stage: str
    key: str = ""
    cached: tuple[str, ...] = ()
    admission: Admission | None = None

    def __repr__(self) -> str:
        """Leave the key out."""
        return f"Settings(edge={self.edge!r}, port={self.port}, host={self.host!r}, stage={self.stage!r})"

    @property
    def prefix(self) -> str:
        """What the edge puts in front of every path. The bare stage does so for nobody."""
        return "" if self.edge == NONE else f"/{self.stage}"

    @classmethod
    def load(cls, path: Path) -> "Settings":
        """Return the settings in a file."""
        return cls.restore(json.loads(path.read_text()))

    @classmethod
    def restore(cls, values: Sequence[Any]) -> "Settings":
        """Return the settings that were written as JSON."""
        settings = cls(*values)
        return settings._replace(cached=tuple(settings.cached), admission=_restore_admission(settings.admission))

    def save(self, path: Path) -> None:
        """Write the settings to a file that only its owner can read."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self, file)


def _restore_admission(values: Sequence[Any] | None) -> Admission | None:
    if values is None:
        return None
    networks, status, headers, body = values
    return Admission(tuple(networks), status, tuple((name, value) for name, value in headers), body)
