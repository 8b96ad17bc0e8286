"""What goes into an archive for the OpenAPI documents that its modules use."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import pulumi

from components.packaging.openapi_calls import find_calls
from openapi.compiler import Made, make
from runtime.openapi.table import Choice, encode_table


class Tables(NamedTuple):
    """The tables that modules need, by path, and the ``documents`` that they were made of, which no function needs."""

    tables: Mapping[Path, bytes]
    documents: frozenset[Path]


def package_tables(modules: Iterable[Path], cache: Path) -> Tables:
    """Make the tables of the documents that modules name. ``cache`` is the folder that keeps tables.

    Raise ``pulumi.RunError`` for a document that cannot be used.
    """
    tables: dict[Path, bytes] = {}
    documents: set[Path] = set()
    for module in modules:
        for document, choice in find_calls(module):
            made = _make(module, document, choice, cache)
            for one in made.table.skipped:
                pulumi.log.warn(f"{document.name}: {one.operation} is no tool: {one.reason}")
            shown = msgspec.structs.replace(made.table, skipped=())
            tables[document.with_name(choice.table_name(document.name))] = encode_table(shown)
            documents |= {document, *map(Path, made.files)}
    return Tables(tables, frozenset(documents))


def _make(module: Path, document: Path, choice: Choice, cache: Path) -> Made:
    if not document.is_file():
        raise pulumi.RunError(f"{module}: there is no file {document.name} beside it")
    try:
        return make(document, choice, cache)
    except ValueError as error:
        raise pulumi.RunError(f"{document}: {error}") from error
