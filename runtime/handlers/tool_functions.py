"""The functions of their own that some tools run in."""

import functools
from collections.abc import Mapping
from typing import Any

from runtime.mcp.call import Functions
from runtime.records.invocation import InvocationFailed
from runtime.settings import ToolFunctionAddress


def tool_functions(addresses: Mapping[str, ToolFunctionAddress]) -> Functions:
    """Return what finds a function by its name. It raises ``InvocationFailed`` for one that was not deployed."""
    return functools.cache(functools.partial(_find, addresses))


def _find(addresses: Mapping[str, ToolFunctionAddress], name: str) -> Any:
    if name not in addresses:
        raise InvocationFailed("missing", f"this deployment has no function {name}")
    # Imported when a tool needs it: boto3 costs 0.2 s of a cold start.
    from runtime.storage.tool_function import LambdaToolFunction  # noqa: PLC0415

    return LambdaToolFunction(addresses[name].name, addresses[name].seconds)
