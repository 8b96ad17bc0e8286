"""Tools that one definition makes."""

from runtime.authoring.tool import Tool


class ToolList(tuple[Tool, ...]):
    """Tools that a module defines together, such as those of one OpenAPI document, in their order."""

    __slots__ = ()
