"""The function of tools that have one of their own. The mcp function and the worker invoke it; nobody else may.

It has no access to the table or to a key, and gets what its tools need.
"""

from typing import Any

from runtime.environment import log_level, tool_function, tool_modules
from runtime.handlers import enable_garbage_collector
from runtime.handlers.app_values import provide_values
from runtime.handlers.load_app import load_tools
from runtime.http import telemetry
from runtime.http.dispatch import LambdaContext
from runtime.mcp.tool_function import ToolFunction

telemetry.configure(log_level())
function = ToolFunction(load_tools(tool_modules(), tool_function()))
provide_values()
enable_garbage_collector()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a forwarded call."""
    return function.answer(event, lambda: context.get_remaining_time_in_millis() / 1000)
