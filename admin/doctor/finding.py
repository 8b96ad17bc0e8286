"""What stops a client, and what the doctor says about each."""

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """Whose fault it is that a client stops."""

    SERVER = "the server's configuration"
    FAILURE = "the server, which failed"
    EDGE = "what stands in front of the server"
    CLIENT = "a limit of the client"


class Stopped(Exception):
    """A client stops. ``seen`` is what it sees, ``advice`` what the operator can do."""

    def __init__(self, seen: str, fault: Fault, advice: str) -> None:
        super().__init__(seen)
        self.seen = seen
        self.fault = fault
        self.advice = advice


@dataclass(slots=True)
class Verdict:
    """How far one client came: its ``steps``, what stopped it if anything did, and what was not checked."""

    client: str
    steps: list[str] = field(default_factory=list)
    stopped: Stopped | None = None
    unchecked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing stopped the client."""
        return self.stopped is None
