"""The functions of their own that some tools run in."""

from collections.abc import Mapping

from runtime.records.invocation import InvocationFailed
from runtime.records.mcp import RemoteFunction


def find_tool_function(names: Mapping[str, str], seconds: int, name: str) -> RemoteFunction:
    """Return the function that tools call ``name``. It waits ``seconds`` for each answer.

    Raise ``InvocationFailed`` for a function that was not deployed: a tool must not run where it lacks what it needs.
    """
    if name not in names:
        raise InvocationFailed("missing", f"this deployment has no function {name}")
    # Imported when a tool needs it: boto3 costs 0.2 s of a cold start.
    from runtime.storage.tool_function import LambdaToolFunction  # noqa: PLC0415

    return LambdaToolFunction(names[name], seconds)
