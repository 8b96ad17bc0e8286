"""Finds what a module calls ``openapi_tools`` with, by reading its source without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pulumi

from runtime.openapi.table import Choice

FUNCTION: Final = "openapi_tools"


def find_calls(file: Path) -> Iterator[tuple[Path, Choice]]:
    """Yield the document and the choice of each call in a module.

    Raise ``pulumi.RunError`` for a call whose document, operations or prefix are not literals.
    """
    content = file.read_bytes()
    if FUNCTION.encode() not in content:
        return
    tree = ast.parse(content)
    names = set(_names(tree))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_function(node.func, names)]
    called = {id(node.func) for node in calls}
    for node in ast.walk(tree):
        # A reference that is no call, such as an argument of ``functools.partial``.
        if isinstance(node, ast.Name | ast.Attribute) and _is_function(node, names) and id(node) not in called:
            raise _not_literal(file, node)
    for call in calls:
        yield _read_call(file, call)


def _names(tree: ast.AST) -> Iterator[str]:
    """Yield the names under which a module imports the function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names if alias.name == FUNCTION)


def _is_function(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(attr=name):
            return name == FUNCTION
    return False


def _read_call(file: Path, call: ast.Call) -> tuple[Path, Choice]:
    stated: dict[str, ast.expr] = {word.arg: word.value for word in call.keywords if word.arg}
    if call.args:
        stated["document"] = call.args[0]
    values = {name: _literal(file, stated[name]) for name in ("document", "operations", "prefix") if name in stated}
    if any(word.arg is None for word in call.keywords) or "document" not in values:
        raise _not_literal(file, call)
    document, operations, prefix = values["document"], values.get("operations", ()), values.get("prefix", "")
    is_text = all(isinstance(one, str) for one in (document, prefix, *operations))
    if not is_text or isinstance(operations, str):
        raise _not_literal(file, call)
    return file.with_name(document), Choice(tuple(operations), prefix)


def _literal(file: Path, node: ast.expr) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError as error:
        raise _not_literal(file, node) from error
    return list(value) if isinstance(value, list | tuple) else value


def _not_literal(file: Path, node: ast.expr) -> pulumi.RunError:
    return pulumi.RunError(
        f"{file}:{node.lineno}: call {FUNCTION} with a document, operations and a prefix that are written out: their "
        "tools are made when the function is packaged, without running this module"
    )
