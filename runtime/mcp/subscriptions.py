"""What a server without a long-lived process can honour of subscriptions."""

from typing import Any

from runtime.mcp.call import Call
from runtime.mcp.errors import MissingRequiredClientCapability
from runtime.mcp.resources import find_resource
from runtime.mcp.revisions import PREFIX
from runtime.mcp.tasks import EXTENSION, detailed, owned_task


def listen(call: Call) -> dict[str, Any]:
    """``subscriptions/listen`` (2026-07-28): the acknowledgement, the state of the tasks asked for, and the end.

    No list changes while a process lives, so none of the list notifications is agreed to; the stream ends gracefully
    at once (Subscriptions, Graceful Closure). Raises ``InsufficientScope`` for the task of a tool that the caller may
    not use.
    """
    asked = call.params["notifications"].get("taskIds", [])
    if asked and not call.exchange.supports("extensions", EXTENSION):
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    tasks = [task for task_id in asked if (task := owned_task(call, task_id)) is not None]
    agreed = {"taskIds": [task.id for task in tasks]} if tasks else {}
    tag = {f"{PREFIX}subscriptionId": call.id}
    messages = [("notifications/subscriptions/acknowledged", {"notifications": agreed})]
    messages += [("notifications/tasks", detailed(task)) for task in tasks]
    call.exchange.notifications += [
        {"jsonrpc": "2.0", "method": method, "params": {**params, "_meta": tag}} for method, params in messages
    ]
    return {"_meta": tag}


def subscribe(call: Call) -> dict[str, Any]:
    """``resources/subscribe`` and ``resources/unsubscribe`` (2025-11-25 and before).

    Accepted for a resource that is there, so that clients which subscribe to everything go on; the capability
    ``resources.subscribe`` is not announced, since nothing could deliver an update. Raises what reading it would:
    ``ResourceNotFound`` or ``InsufficientScope``.
    """
    find_resource(call)
    return {}
