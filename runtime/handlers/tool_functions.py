"""The functions of their own that some tools run in."""

import functools
from collections.abc import Mapping
from typing import Any

from runtime.mcp.call import Functions
from runtime.records.invocation import InvocationFailed


def tool_functions(names: Mapping[str, str], seconds: int) -> Functions:
    """Return what finds a function by the name that its tools give it, and waits ``seconds`` for each answer.

    It raises ``InvocationFailed`` for a function that was not deployed.
    """
    return functools.cache(functools.partial(_find, names, seconds))


def _find(names: Mapping[str, str], seconds: int, name: str) -> Any:
    if name not in names:
        raise InvocationFailed("missing", f"this deployment has no function {name}")
    # Imported when a tool needs it: boto3 costs 0.2 s of a cold start.
    from runtime.storage.tool_function import LambdaToolFunction  # noqa: PLC0415

    return LambdaToolFunction(names[name], seconds)
