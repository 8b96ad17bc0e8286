"""The options of a tool."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from runtime.authoring.content import Icon, without_none

TaskSupport = Literal["optional", "required"]


class ToolAnnotations(msgspec.Struct, frozen=True, kw_only=True):
    """Hints about what a tool does (MCP, ToolAnnotations); clients must not trust them."""

    title: str | None = None
    read_only: bool | None = None
    destructive: bool | None = None
    idempotent: bool | None = None
    open_world: bool | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return without_none(
            {
                "title": self.title,
                "readOnlyHint": self.read_only,
                "destructiveHint": self.destructive,
                "idempotentHint": self.idempotent,
                "openWorldHint": self.open_world,
            }
        )


class ToolOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of ``@tool``.

    Only a caller with all ``scopes`` sees and can call the tool. ``task`` lets it run as a task: ``optional`` for
    clients that support tasks, ``required`` if it always takes too long for a request. The task starts at once. With
    ``detaches`` it starts when the tool calls ``context.detach()``; until then the tool runs in the request and can
    ask. ``function`` names the Lambda function that runs the tool, if it is one of its own. ``structured_output`` sends
    a result that is no object as structured content too, as ``{"result": ...}``, or, if it is false, no result.
    ``timeout`` is in seconds, for ``async`` functions.
    """

    name: str | None = None
    title: str | None = None
    description: str | None = None
    input_schema: Mapping[str, Any] | None = None
    output_schema: Mapping[str, Any] | None = None
    structured_output: bool | None = None
    annotations: ToolAnnotations | None = None
    icons: Sequence[Icon] = ()
    scopes: frozenset[str] = frozenset()
    task: TaskSupport | None = None
    detaches: bool = False
    function: str | None = None
    timeout: float | None = None
    meta: Mapping[str, Any] = {}
