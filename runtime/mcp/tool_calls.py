"""``tools/call``, in the request or as a task."""

from typing import Any

from runtime.authoring.context import Detached
from runtime.mcp.call import Call
from runtime.mcp.errors import MissingRequiredClientCapability
from runtime.mcp.headers import check_parameters
from runtime.mcp.tasks import EXTENSION, start_task
from runtime.mcp.tools import find_tool, run_call


def call_tool(call: Call) -> dict[str, Any]:
    """Answer ``tools/call``: run the tool, or start a task for a tool and a client that support tasks.

    A tool that detaches runs first, and may ask the client, as in any request. Its task starts with the answers. A
    legacy client never has the tasks extension.

    Raise ``InvalidParams`` for an unknown tool, ``InsufficientScope``, ``HeaderMismatch``, and
    ``MissingRequiredClientCapability`` for a tool that only runs as a task (Capability Negotiation).
    """
    tool = find_tool(call)
    arguments = call.params.get("arguments", {})
    if call.is_modern:
        check_parameters(call.request, tool, arguments)
    supports_tasks = tool.options.task is not None and call.channel.supports("extensions", EXTENSION)
    if tool.options.task == "required" and not supports_tasks:
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    if supports_tasks and not tool.options.detaches:
        return start_task(call, tool)
    call.channel.detachable = supports_tasks
    try:
        return run_call(tool, arguments, call.context, call.channel, call.services.functions)
    except Detached:
        return start_task(call, tool)
