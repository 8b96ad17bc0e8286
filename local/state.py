"""What is running and what was created, kept in one file between commands."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from local.errors import LocalError
from local.processes import Process

FILE_NAME = "state.json"


@dataclass
class Entry:
    """One resource as it was last applied.

    ``stale`` marks a resource that the emulator lost as a side effect, so that it is applied again even though the
    program has not changed it.
    """

    type: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    stale: bool = False


class Client(NamedTuple):
    """The stack as its own identity provider knows it."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass
class State:
    """The stack that lives in ``directory``. Order of ``resources`` is order of creation.

    ``registration`` is who may register a client there, ``machines`` who may register one that acts for itself.
    ``client`` is ``None`` where the stack has no identity provider of its own.
    """

    directory: Path
    port: int
    emulator_port: int
    region: str
    target: str = ""
    processes: dict[str, Process] = field(default_factory=dict)
    resources: dict[str, Entry] = field(default_factory=dict)
    replaced: list[Entry] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    registration: str = ""
    machines: str = ""
    client: Client | None = None

    @classmethod
    def load(cls, directory: Path) -> "State | None":
        """The state in ``directory``, ``None`` when no stack lives there. Raises LocalError when it is unreadable."""
        path = directory / FILE_NAME
        try:
            data = json.loads(path.read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise LocalError(f"{path} is damaged ({error}); stop its processes by hand and remove it") from error
        return cls(
            directory=directory,
            port=data["port"],
            emulator_port=data["emulator_port"],
            region=data["region"],
            target=data["target"],
            processes={name: Process(*process) for name, process in data["processes"].items()},
            resources={urn: Entry(**entry) for urn, entry in data["resources"].items()},
            replaced=[Entry(**entry) for entry in data["replaced"]],
            outputs=data["outputs"],
            registration=data.get("registration", ""),
            machines=data.get("machines", ""),
            client=Client(*data["client"]) if data.get("client") else None,
        )

    @staticmethod
    def exists(directory: Path) -> bool:
        return (directory / FILE_NAME).exists()

    def save(self) -> None:
        """Write the file in one step, readable by its owner alone: outputs may be confidential."""
        data = asdict(self)
        del data["directory"]
        path = self.directory / FILE_NAME
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(data, file)
        draft.replace(path)


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep a second command out of ``directory``, which must exist. Raises LocalError when one is at work."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(f"another command is at work on {directory}; wait for it to finish") from error
        yield
    finally:
        os.close(descriptor)
