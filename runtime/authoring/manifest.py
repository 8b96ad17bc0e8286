"""Tools that another function runs, as the server lists them without importing their modules."""

from collections.abc import Iterable, Mapping
from typing import Any, Never

import msgspec

from runtime.authoring.definition import Signature
from runtime.authoring.headers import HeaderParameter
from runtime.authoring.tool import Tool
from runtime.authoring.tool_options import TaskSupport, ToolOptions


class ListedTool(msgspec.Struct, frozen=True, kw_only=True):
    """What the server must know of a tool to list it, and to let a call through to its function."""

    name: str
    function: str
    listing: Mapping[str, Any]
    scopes: tuple[str, ...] = ()
    task: TaskSupport | None = None
    detaches: bool = False
    headers: tuple[HeaderParameter, ...] = ()


def list_tool(tool: Tool) -> ListedTool:
    """Return a tool for the manifest. Raise ``ValueError`` for one that has no function of its own."""
    options = tool.options
    if options.function is None:
        raise ValueError(f"the tool {tool.name} names no function, so its module must be imported")
    return ListedTool(
        name=tool.name,
        function=options.function,
        listing=tool.listing,
        scopes=tuple(sorted(options.scopes)),
        task=options.task,
        detaches=options.detaches,
        headers=tool.headers,
    )


def encode_manifest(tools: Iterable[Tool]) -> bytes:
    """Return the manifest of some tools."""
    return msgspec.json.encode([list_tool(tool) for tool in tools])


def decode_manifest(encoded: bytes) -> list[Tool]:
    """Return the tools of a manifest. Raise ``msgspec.MsgspecError`` for text that is none."""
    return [_to_tool(listed) for listed in msgspec.json.decode(encoded, type=list[ListedTool])]


def _to_tool(listed: ListedTool) -> Tool:
    """Return a tool that can be listed but not run: its function checks the arguments and runs it."""
    tool = Tool(
        name=listed.name,
        documentation="",
        function=_run_elsewhere,
        signature=Signature({}, {}, None, Any, True, False),
        input_schema=listed.listing["inputSchema"],
        output_schema=listed.listing.get("outputSchema"),
        headers=listed.headers,
        options=ToolOptions(
            function=listed.function,
            scopes=frozenset(listed.scopes),
            task=listed.task,
            detaches=listed.detaches,
        ),
    )
    vars(tool)["listing"] = listed.listing
    return tool


def _run_elsewhere(**_arguments: Any) -> Never:
    raise RuntimeError("this tool runs in a function of its own")
