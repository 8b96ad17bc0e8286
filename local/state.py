"""The processes and resources of a stack, stored in one file between commands."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from local.edge.settings import Settings
from local.errors import LocalError
from local.processes import Process

FILE_NAME = "state.json"
NOT_DEPLOYED = Settings("", 0, "", "")


@dataclass
class Entry:
    """One resource as it was last applied.

    ``stale`` marks a resource that the emulator lost as a side effect. It is applied again, even if the program did not
    change it.
    """

    type: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    stale: bool = False


class Client(NamedTuple):
    """The registration of the stack at its own identity provider."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass
class State:
    """The stack in ``directory``, with ``resources`` in the order of their creation.

    ``registration`` says who may register a client, and ``machines`` who may register a machine client. ``client`` is
    ``None`` if the stack has no identity provider of its own.
    """

    directory: Path
    port: int
    emulator_port: int
    region: str
    edge: Settings = NOT_DEPLOYED
    processes: dict[str, Process] = field(default_factory=dict)
    resources: dict[str, Entry] = field(default_factory=dict)
    replaced: list[Entry] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    registration: str = ""
    machines: str = ""
    client: Client | None = None

    @classmethod
    def load(cls, directory: Path) -> "State | None":
        """Return the state in ``directory``, or ``None`` if there is no stack. Raise LocalError if it is damaged."""
        path = directory / FILE_NAME
        try:
            data = json.loads(path.read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise LocalError(f"{path} is damaged ({error}); stop its processes yourself and delete the file") from error
        return cls(
            directory=directory,
            port=data["port"],
            emulator_port=data["emulator_port"],
            region=data["region"],
            edge=Settings.restore(data["edge"]),
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
        """Write the file atomically. Only its owner can read it, because outputs may be confidential."""
        data = asdict(self)
        del data["directory"]
        path = self.directory / FILE_NAME
        draft = path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(data, file)
        draft.replace(path)


@contextlib.contextmanager
def lock(directory: Path) -> Iterator[None]:
    """Lock ``directory``, which must exist, against a second command. Raise LocalError if it is locked."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalError(f"another command is using {directory}; wait until it finishes") from error
        yield
    finally:
        os.close(descriptor)
