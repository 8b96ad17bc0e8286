"""Makes tools of an OpenAPI document."""

import functools
import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from runtime.authoring.compatibility import CompatibilityWarning
from runtime.authoring.secrets import SettingError, current_source
from runtime.authoring.tool import Tool
from runtime.authoring.tool_list import ToolList
from runtime.authoring.tool_options import ToolAnnotations, ToolOptions
from runtime.deployment import FUNCTION_NAME, FUNCTION_RULE
from runtime.openapi.auth import Auth
from runtime.openapi.base_url import BaseUrl, fill_environment, server_url
from runtime.openapi.call import SIGNATURE, Calls, function_of
from runtime.openapi.selection import matches
from runtime.openapi.table import Choice, Operation, Server, Skipped, Table, load_table

SECONDS: Final = 20.0
MOST_BYTES: Final = 4_000_000
# RFC 9110 9.2: what is safe, and what is idempotent. What is not safe may be destructive, whatever the method.
_SAFE: Final = frozenset({"GET"})
_IDEMPOTENT: Final = frozenset({"GET", "PUT", "DELETE"})

Scopes = Sequence[str] | Mapping[str, Sequence[str]]
FindBase = Callable[[Server | None], Callable[[], BaseUrl]]


class OpenApiError(ValueError):
    """An OpenAPI document that cannot become tools as asked for. The message names the file; raised at import time."""


def openapi_tools(
    document: str,
    *,
    operations: Sequence[str] = (),
    prefix: str = "",
    base_url: str | None = None,
    server: Mapping[str, str] | None = None,
    auth: Auth | None = None,
    scopes: Scopes = (),
    annotations: Mapping[str, ToolAnnotations] | None = None,
    function: str | None = None,
    timeout: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    private_addresses: bool = False,
    redirects: bool = False,
) -> ToolList:
    """Make a tool of each operation of an OpenAPI 3.0 or 3.1 document, a YAML or JSON file beside the module.

    Write ``document``, ``operations`` and ``prefix`` out as literals: the table of the operations is made when a
    function is packaged, without running the module. Without ``operations``, a document may have 50 of them. The names
    of tools start with ``prefix``.

    ``base_url`` replaces the servers of the document; ``${NAME}`` in it is an environment variable of the app.
    ``server`` sets variables of the document's servers. ``scopes`` are those of all tools, or by operation; so are
    ``annotations``. ``function`` is passed on to ``@tool``. ``timeout`` is in seconds, and never longer than the
    function has. A response has ``most_bytes`` at most. Only https to public addresses is allowed, unless
    ``private_addresses`` is set; ``redirects`` follows those of GET requests.

    Raise ``OpenApiError``.
    """
    # The module that calls, as ``typing.NamedTuple`` finds it.
    caller = sys._getframe(1).f_globals  # noqa: SLF001
    calls = Calls(
        auth=auth,
        seconds=timeout,
        most_bytes=most_bytes,
        private_addresses=private_addresses,
        redirects=redirects,
    )
    try:
        table = load_table(Path(caller["__file__"]).with_name(document), Choice(tuple(operations), prefix))
        _check_function(function)
        _check_selectors(table, scopes)
        _check_selectors(table, annotations or {})
        _check_variables(table, server or {})
        usable, skipped = _usable(table, functools.partial(_base, base_url, server or {}, private_addresses))
        _warn_of(document, [*table.skipped, *skipped])
        return ToolList(
            _define(shown, calls, base, _options(shown, scopes, annotations or {}, function))
            for shown, base in ((_without_credentials(operation, auth), base) for operation, base in usable)
        )
    except (ValueError, FileNotFoundError) as error:
        raise OpenApiError(f"{document}: {error}") from error


def _define(operation: Operation, calls: Calls, base: Callable[[], BaseUrl], options: ToolOptions) -> Tool:
    """Return the tool of an operation. Its schemas were checked when the table was made, so a cold start does not."""
    return Tool(
        name=operation.name,
        documentation="",
        function=function_of(operation, calls, base),
        signature=SIGNATURE,
        input_schema=operation.input_schema,
        output_schema=operation.output_schema,
        headers=(),
        options=options,
    )


def _options(
    operation: Operation, scopes: Scopes, annotations: Mapping[str, ToolAnnotations], function: str | None
) -> ToolOptions:
    return ToolOptions(
        name=operation.name,
        title=operation.title or None,
        description=operation.description,
        input_schema=operation.input_schema,
        output_schema=operation.output_schema,
        annotations=_annotations_of(operation, annotations),
        scopes=_scopes_of(operation, scopes),
        function=function,
    )


def _base(
    stated: str | None, values: Mapping[str, str], cleartext: bool, server: Server | None
) -> Callable[[], BaseUrl]:
    """Return what tells the base URL. Raise ``ValueError`` now for one that is known now."""
    if stated is None and server is None:
        raise ValueError("it names no server: pass base_url=")
    url = stated if server is None or stated is not None else server_url(server, values)
    if "${" not in str(url):
        known = BaseUrl.parse(str(url), cleartext=cleartext)
        return lambda: known
    return lambda: _base_of_environment(str(url), cleartext)


def _base_of_environment(url: str, cleartext: bool) -> BaseUrl:
    """Return the base URL with the environment of the app, which is known when a tool runs. Raise ``SettingError``."""
    try:
        return BaseUrl.parse(fill_environment(url, current_source().variable), cleartext=cleartext)
    except ValueError as error:
        raise SettingError(f"{url} of this tool cannot be used: {error}") from error


def _usable(table: Table, find_base: FindBase) -> tuple[list[tuple[Operation, Callable[[], BaseUrl]]], list[Skipped]]:
    """Return the operations with their base URLs, and those whose own server cannot be used.

    Raise ``ValueError`` if the server of the document cannot be used.
    """
    usable, skipped = [], []
    for operation in table.operations:
        try:
            usable.append((operation, find_base(operation.server or table.server)))
        except ValueError as error:
            if operation.server is None:
                raise
            skipped.append(Skipped(f"{operation.method} {operation.path}", str(error)))
    return usable, skipped


def _warn_of(document: str, skipped: Sequence[Skipped]) -> None:
    for one in skipped:
        # At the line that calls ``openapi_tools``.
        warnings.warn(f"{document}: {one.operation} is no tool: {one.reason}", CompatibilityWarning, stacklevel=3)


def _check_selectors(table: Table, selectors: Sequence[str] | Mapping[str, Any]) -> None:
    """Raise ``ValueError`` for a name of operations that names none: its scopes would protect nothing."""
    for selector in selectors if isinstance(selectors, Mapping) else ():
        if not any(matches(selector, operation) for operation in table.operations):
            raise ValueError(f"it has no operation {selector!r} among its tools")


def _check_function(name: str | None) -> None:
    if name is not None and not re.fullmatch(FUNCTION_NAME, name):
        raise ValueError(f"{name!r} is no name for a function of its own: {FUNCTION_RULE}")


def _check_variables(table: Table, values: Mapping[str, str]) -> None:
    servers = [table.server, *(operation.server for operation in table.operations)]
    known = {name for server in servers if server for name in server.variables}
    for name in values:
        if name not in known:
            raise ValueError(f"its servers have no variable {name!r}")


def _scopes_of(operation: Operation, scopes: Scopes) -> frozenset[str]:
    """Return the scopes of an operation: all that are stated for it."""
    if not isinstance(scopes, Mapping):
        return frozenset(scopes)
    return frozenset(scope for selector, stated in scopes.items() if matches(selector, operation) for scope in stated)


def _annotations_of(operation: Operation, stated: Mapping[str, ToolAnnotations]) -> ToolAnnotations:
    """Return the annotations that are stated for an operation, else those of its method."""
    for selector, annotations in stated.items():
        if matches(selector, operation):
            return annotations
    is_safe = operation.method in _SAFE
    return ToolAnnotations(
        read_only=is_safe,
        # MCP, ToolAnnotations: it means something for a tool that is not read-only.
        destructive=None if is_safe else True,
        idempotent=operation.method in _IDEMPOTENT,
        open_world=True,
    )


def _without_credentials(operation: Operation, auth: Auth | None) -> Operation:
    """Return the operation without the parameter that ``auth`` sets: a caller must not choose it."""
    taken = [one for one in operation.parameters if auth and _is_set_by(auth, one.place, one.name)]
    if not taken:
        return operation
    names = {one.argument for one in taken}
    schema = dict(operation.input_schema)
    schema["properties"] = {name: rule for name, rule in schema["properties"].items() if name not in names}
    schema["required"] = [name for name in schema.get("required", ()) if name not in names]
    kept = tuple(one for one in operation.parameters if one not in taken)
    return msgspec.structs.replace(operation, input_schema=schema, parameters=kept)


def _is_set_by(auth: Auth, place: str, name: str) -> bool:
    # RFC 9110 5.1: names of headers are not case-sensitive, and those of query parameters are.
    return place == auth.place and (name.lower() if place == "header" else name) == auth.name
