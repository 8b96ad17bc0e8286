"""Makes the table of an OpenAPI document."""

import functools
import hashlib
import re
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from openapi.document import Document, DocumentError, Part
from openapi.form import find_faults
from openapi.found import Found, find_operations
from openapi.inputs import read_inputs
from openapi.names import PREFIX, tool_names
from openapi.outputs import output_schema
from openapi.schemas import shorten
from runtime.authoring.schema_check import read_schema
from runtime.openapi.selection import is_exact, matches, select
from runtime.openapi.table import Choice, Operation, Server, Skipped, Table
from runtime.version import VERSION

HERE: Final = Path(__file__).parent
CACHE: Final = HERE.parent / ".build" / "openapi"
# RFC 9110 9.3.2, 9.3.7 and 9.3.8: their responses say nothing that a model could use.
WITHOUT_CONTENT: Final = frozenset({"HEAD", "OPTIONS", "TRACE"})
# RFC 3986 3.3, and variables.
PATH: Final = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/%-]|\{[^{}]+\})*")
LONGEST_TITLE: Final = 100
# OpenAI's API takes no longer description of a function.
LONGEST_DESCRIPTION: Final = 1_000


class Made(msgspec.Struct):
    """A table, and the hashes of the files that it was made of, by path."""

    files: dict[str, str]
    table: Table


def make_table(path: Path, choice: Choice) -> Table:
    """Return the table of a document, as ``make`` does."""
    return make(path, choice, CACHE).table


def make(path: Path, choice: Choice, cache: Path) -> Made:
    """Return the table of a document, from the folder ``cache`` if no file of the document has changed.

    Raise ``DocumentError``, which is a ``ValueError``, for a document that cannot be used, and ``ValueError`` for a
    selection that names nothing.
    """
    key = hashlib.sha256(f"{path.resolve()}\0{choice!r}\0{VERSION}\0{_own_digest()}".encode()).hexdigest()[:32]
    kept_in = cache / f"{key}.json"
    if kept_in.is_file():
        kept = msgspec.json.decode(kept_in.read_bytes(), type=Made)
        if all(_digest(Path(name)) == digest for name, digest in kept.files.items()):
            return kept
    document = Document(path)
    table = _make(document, choice)
    made = Made({str(file): hashlib.sha256(content).hexdigest() for file, content in document.files.items()}, table)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, delete=False) as unfinished:
        unfinished.write(msgspec.json.encode(made))
    # Two processes may make the same table at once.
    Path(unfinished.name).replace(kept_in)
    return made


def _make(document: Document, choice: Choice) -> Table:
    if not PREFIX.fullmatch(choice.prefix):
        raise DocumentError("the prefix must be at most 32 letters, digits, _ and -")
    everything = list(find_operations(document))
    names = dict(zip([found.label for found in everything], tool_names(everything, choice.prefix), strict=True))
    chosen = select(everything, choice.operations)
    faults = find_faults(document, chosen)
    operations, skipped = [], []
    for found in chosen:
        try:
            operations.append(_read_operation(document, found, names[found.label], faults.get(found.label)))
        except DocumentError as error:
            if any(is_exact(selector) and matches(selector, found) for selector in choice.operations):
                raise DocumentError(f"{found.label}: {error}") from error
            skipped.append(Skipped(found.label, str(error)))
    if not operations:
        raise DocumentError("none of its operations can be a tool" + "".join(f"; {one.reason}" for one in skipped[:1]))
    return Table(tuple(operations), _read_server(document.root), tuple(skipped))


def _read_operation(document: Document, found: Found, name: str, fault: str | None) -> Operation:
    """Return an operation as a tool. Raise ``DocumentError`` if it cannot be one."""
    if fault is not None:
        raise DocumentError(f"it is not valid OpenAPI: {fault}")
    if found.method in WITHOUT_CONTENT:
        raise DocumentError(f"{found.method} returns no content")
    if not PATH.fullmatch(found.path):
        raise DocumentError("its path has characters that no path has")
    inputs = read_inputs(found)
    own_server = _read_server(found.part) or _read_server(found.item)
    server = _read_server(document.root)
    operation = Operation(
        name=name,
        method=found.method,
        path=found.path,
        title=shorten(found.part.get("summary").text(), LONGEST_TITLE),
        description=_describe(found),
        input_schema=inputs.schema,
        id=found.id,
        tags=found.tags,
        output_schema=output_schema(found),
        parameters=tuple(inputs.parameters),
        body=inputs.body,
        server=own_server if own_server != server else None,
    )
    for schema in filter(None, (operation.input_schema, operation.output_schema)):
        try:
            read_schema(schema)
        except ValueError as error:
            raise DocumentError(f"its schema cannot be used: {error}") from error
    return operation


def _describe(found: Found) -> str:
    """Return what models read of an operation: its summary and its description."""
    summary, description = found.part.get("summary").text(), found.part.get("description").text()
    told = [summary] if summary and not description.startswith(summary) else []
    if found.part.get("deprecated").value is True:
        told.insert(0, "Deprecated.")
    text = "\n\n".join(filter(None, [*told, description])) or found.label
    return text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 1].rstrip()}…"


def _read_server(owner: Part) -> Server | None:
    """Return the first server of the document, a path or an operation."""
    for server in owner.get("servers").elements():
        variables = dict(server.get("variables").items())
        defaults = {name: str(variable.get("default").value) for name, variable in variables.items()}
        choices = {name: tuple(map(str, variable.get("enum").value or ())) for name, variable in variables.items()}
        return Server(server.get("url").text(), defaults, {name: enum for name, enum in choices.items() if enum})
    return None


@functools.cache
def _own_digest() -> str:
    """Return the hash of the modules that make a table."""
    digest = hashlib.sha256()
    for file in sorted(HERE.glob("*.*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
