"""Keywords of other frameworks' decorators: what they become here, or what to use instead.

FastMCP, the official Python SDK and awslabs' handler take them (docs/migrate.md). A module that uses none of them never
imports this one.
"""

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from runtime.authoring.content import Annotations, Icon
from runtime.authoring.definition import DefinitionError, Function
from runtime.authoring.tool_options import ToolAnnotations

Options = dict[str, Any]

_AUTH = 'use scopes=["reports:write"], the scopes that the caller needs'
_ENABLED = "define it only where it is enabled"
_SAFE = "leave it out: {name} never matches / or .., and {+path} has to be checked by the function"
_TASKS_ARE_TOOLS = "leave it out: only a tool can run as a task"
_UI = 'use meta={"ui": ...}, which is what clients read'
_VERSION = 'use a name of its own for each version, such as name="search_v2"'
# By keyword, and by decorator where it matters.
_INSTEAD = {
    "app": _UI,
    "auth": _AUTH,
    "destructiveHint": 'use annotations={"destructiveHint": ...}',
    "enabled": _ENABLED,
    "exclude_args": "give the argument a default inside the function, or use Depends of runtime.authoring.styles",
    "fn": "put the decorator above the function, or call it with the function: tool(function)",
    "idempotentHint": 'use annotations={"idempotentHint": ...}',
    "inputSchema": "use input_schema",
    "mimeType": "use mime_type",
    "name_or_fn": "use name",
    "openWorldHint": 'use annotations={"openWorldHint": ...}',
    "outputSchema": "use output_schema",
    "permissions": _AUTH,
    "readOnlyHint": 'use annotations={"readOnlyHint": ...}',
    "run_in_thread": "leave it out: each function instance runs one call at a time",
    "security": _SAFE,
    "serializer": "return a str, or ToolResult(content=..., structured=...)",
    "session_store": "leave it out: keep state in a table of your own, by context.subject",
    "tool mime_type": "leave it out: the type belongs to the content, such as Image(data, mime_type=...)",
    "resource task": _TASKS_ARE_TOOLS,
    "prompt task": _TASKS_ARE_TOOLS,
    "version": _VERSION,
    "_meta": "use meta",
}
_HINTS = {
    "title": "title",
    "readOnlyHint": "read_only",
    "destructiveHint": "destructive",
    "idempotentHint": "idempotent",
    "openWorldHint": "open_world",
}
_ANNOTATIONS = {"audience": "audience", "priority": "priority", "lastModified": "last_modified"}
_ICON = {"src": "src", "mimeType": "mime_type", "sizes": "sizes"}


def read_keywords(function: Function, decorator: str, known: Collection[str], options: Mapping[str, Any]) -> Options:
    """Return the options of a decorator with every keyword and value in the form of this project.

    Raise ``DefinitionError`` for a keyword that is not ``known`` and has no form here.
    """
    read = dict(options)
    if tags := read.pop("tags", None):
        # Where FastMCP lists them, so that clients find them.
        read["meta"] = {"fastmcp": {"tags": sorted(tags)}, **read.get("meta", {})}
    for keyword in read:
        if keyword not in known:
            instead = _find_instead(decorator, keyword, sorted(known))
            raise DefinitionError(function, f"@{decorator} has no {keyword!r}: {instead}")
    if icons := read.get("icons"):
        read["icons"] = [
            _read_object(function, "icons", Icon, _ICON, icon) if isinstance(icon, Mapping) else icon for icon in icons
        ]
    if isinstance(read.get("annotations"), Mapping):
        kind, names = (ToolAnnotations, _HINTS) if decorator == "tool" else (Annotations, _ANNOTATIONS)
        read["annotations"] = _read_object(function, "annotations", kind, names, read["annotations"])
    if isinstance(read.get("task"), bool):
        read["task"] = "optional" if read["task"] else None
    return read


def _read_object(
    function: Function, keyword: str, kind: Callable[..., Any], names: Mapping[str, str], given: Mapping[str, Any]
) -> Any:
    members = {}
    for name, value in given.items():
        if name not in names and name not in names.values():
            raise DefinitionError(function, f"{keyword} have no {name!r}: they have {', '.join(names)}")
        members[names.get(name, name)] = value
    return kind(**members)


def _find_instead(decorator: str, keyword: str, known: Sequence[str]) -> str:
    stated = _INSTEAD.get(f"{decorator} {keyword}") or _INSTEAD.get(keyword)
    if stated:
        return stated
    similar = difflib.get_close_matches(keyword, known, n=1)
    return f"use {similar[0]}" if similar else f"it has {', '.join(known)}"
