"""What a release writes into the description of an alias, so that a later run knows where things stand."""

import re
from dataclasses import dataclass
from typing import Self

# A release is moving, is complete, or was taken back.
OPEN, DONE, TAKEN_BACK = "release", "released", "rolled back"
_TEXT = re.compile(rf"({OPEN}|{DONE}|{TAKEN_BACK}) (\S+): version ([0-9]+) after ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Note:
    """One function's part in a release. ``release`` is when it began (ISO 8601, UTC), and the same for all functions.

    ``new`` replaces ``old``; both are published versions. ``state`` is ``OPEN``, ``DONE`` or ``TAKEN_BACK``.
    """

    state: str
    release: str
    new: str
    old: str

    @classmethod
    def parse(cls, description: str) -> Self | None:
        """Return the note in the description of an alias, or ``None`` if no release wrote it."""
        found = _TEXT.fullmatch(description)
        return cls(*found.groups()) if found else None

    def __str__(self) -> str:
        """Return the description that ``parse`` reads. Lambda allows 256 characters."""
        return f"{self.state} {self.release}: version {self.new} after {self.old}"
