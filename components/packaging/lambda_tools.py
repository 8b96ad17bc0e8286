"""The Lambda functions that an app offers as tools, found by reading its source without running it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from components.packaging.closure import closure
from components.packaging.sources import Sources

DEFINER = "lambda_tool"
# What is not the app's own: it has the definition, and no call.
RUNTIME = ("runtime", "authoring")


class LambdaTool(NamedTuple):
    """A call of ``lambda_tool`` at ``place``, a file and its line.

    The name of its function is in the source, or in the variable ``environment``. If both are ``None``, nobody can read
    it there.
    """

    place: str
    function: str | None = None
    qualifier: str | None = None
    environment: str | None = None


def find_lambda_tools(sources: Sources, module: str) -> list[LambdaTool]:
    """Return the Lambda functions that the app in ``module`` offers as tools, in the order of its files."""
    found = []
    for file in closure(sources, module).files:
        name = sources.name(file)
        if file.suffix != ".py" or name.parts[:2] == RUNTIME:
            continue
        text = file.read_bytes()
        # To parse takes longer than to look.
        if DEFINER.encode() in text:
            found += list(_find_calls(ast.parse(text), name.as_posix()))
    return found


def _find_calls(tree: ast.Module, name: str) -> Iterator[LambdaTool]:
    constants = dict(_constants(tree))
    names = _names_of_definer(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called in names:
                yield _read(node, f"{name}:{node.lineno}", constants)
            case ast.Call(func=ast.Attribute(attr=called)) if called == DEFINER:
                yield _read(node, f"{name}:{node.lineno}", constants)


def _names_of_definer(tree: ast.Module) -> set[str]:
    """Return the names by which a file imports ``lambda_tool``."""
    imported = (alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names)
    return {alias.asname or alias.name for alias in imported if alias.name == DEFINER}


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the texts that a file gives to names at its top, once."""
    given: dict[str, list[ast.expr]] = {}
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                given.setdefault(name, []).append(value)
    for name, values in given.items():
        match values:
            case [ast.Constant(value=str(text))]:
                yield name, text


def _read(call: ast.Call, place: str, constants: dict[str, str]) -> LambdaTool:
    stated = {keyword.arg: keyword.value for keyword in call.keywords}
    texts = {
        name: _text(stated[name], constants) for name in ("function", "qualifier", "environment") if name in stated
    }
    # A qualifier that cannot be read, or arguments behind **, leave open what is called.
    if None in stated or ("qualifier" in stated and texts["qualifier"] is None):
        return LambdaTool(place)
    return LambdaTool(place, texts.get("function"), texts.get("qualifier"), texts.get("environment"))


def _text(value: ast.expr, constants: dict[str, str]) -> str | None:
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name)
    return None
