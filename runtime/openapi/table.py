"""The table of an OpenAPI document: all that a function needs to know of its operations.

The document is read when a function is packaged, so a cold start decodes a table and parses no YAML.
"""

import hashlib
import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

# Where tables are made. It needs libraries that no function has, so it is packaged with none: only a process that runs
# from the project, such as a test, makes a table when a module is imported.
COMPILER = "openapi.compiler"

Place = Literal["path", "query", "header"]


class Encoding(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a value becomes text (OpenAPI 3.1.1, Style Values). With ``is_json`` it is JSON text."""

    style: str = "form"
    explode: bool = True
    is_json: bool = False


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parameter: its name among the arguments of the tool, its name in the request, and its place there."""

    argument: str
    name: str
    place: Place
    encoding: Encoding = Encoding()


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of a request: the one argument that is the ``whole`` body, or the names of its members by argument."""

    media_type: str
    whole: str | None = None
    members: Mapping[str, str] = {}
    encodings: Mapping[str, Encoding] = {}
    required: bool = False


class Server(msgspec.Struct, frozen=True, omit_defaults=True):
    """The base URL that a document states, and the default of each of its variables."""

    url: str
    variables: Mapping[str, str] = {}
    choices: Mapping[str, tuple[str, ...]] = {}


class Operation(msgspec.Struct, frozen=True, omit_defaults=True):
    """An operation, as a tool. ``server`` is set where it differs from that of the document."""

    name: str
    method: str
    path: str
    title: str
    description: str
    input_schema: Mapping[str, Any]
    id: str = ""
    tags: tuple[str, ...] = ()
    output_schema: Mapping[str, Any] | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    server: Server | None = None


class Skipped(msgspec.Struct, frozen=True):
    """An operation that cannot be a tool, and the reason."""

    operation: str
    reason: str


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """The operations of a document that become tools, and those that were selected and cannot."""

    operations: tuple[Operation, ...]
    server: Server | None = None
    skipped: tuple[Skipped, ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """What to make a table of: ``operations`` as ``openapi_tools`` takes them, and what tools' names start with."""

    operations: tuple[str, ...] = ()
    prefix: str = ""

    def table_name(self, document: str) -> str:
        """Return the name of the file with the table, which lies where the document was."""
        digest = hashlib.sha256(json.dumps([self.operations, self.prefix]).encode()).hexdigest()
        return f"{document}.{digest[:12]}.json"


def load_table(document: Path, choice: Choice) -> Table:
    """Return the table that was packaged, else the one of the document.

    Raise ``ValueError`` for a document that cannot be read, and ``FileNotFoundError`` if there is neither.
    """
    packaged = document.with_name(choice.table_name(document.name))
    if packaged.is_file():
        return decode_table(packaged.read_bytes())
    if not document.is_file():
        raise FileNotFoundError(f"there is no file {document.name} beside the module")
    table: Table = importlib.import_module(COMPILER).make_table(document, choice)
    return table


def encode_table(table: Table) -> bytes:
    """Return the table as a file holds it."""
    return msgspec.json.encode(table)


def decode_table(content: bytes) -> Table:
    """Return the table that a file holds. Raise ``ValueError`` for one of another version."""
    return msgspec.json.decode(content, type=Table)
