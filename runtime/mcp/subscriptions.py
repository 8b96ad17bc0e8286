"""Subscriptions, as far as a server without a long-lived process can serve them."""

from typing import Any

from runtime.mcp.call import Call
from runtime.mcp.errors import MissingRequiredClientCapability
from runtime.mcp.resources import find_resource
from runtime.mcp.revisions import PREFIX
from runtime.mcp.tasks import EXTENSION, find_owned_task, to_detailed_task


def listen(call: Call) -> dict[str, Any]:
    """Answer ``subscriptions/listen`` (2026-07-28): send the acknowledgement and the state of the tasks, then end.

    No list changes while a process lives, so the server agrees to no list notifications, and the stream ends at once
    (Subscriptions, Graceful Closure). Raise ``InsufficientScope`` for the task of a tool that the caller may not use,
    and ``MissingRequiredClientCapability`` for task ids from a client without tasks.
    """
    asked = call.params["notifications"].get("taskIds", [])
    if asked and not call.channel.supports("extensions", EXTENSION):
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    tasks = [task for task_id in asked if (task := find_owned_task(call, task_id)) is not None]
    agreed = {"taskIds": [task.id for task in tasks]} if tasks else {}
    tag = {f"{PREFIX}subscriptionId": call.id}
    messages = [("notifications/subscriptions/acknowledged", {"notifications": agreed})]
    messages += [("notifications/tasks", to_detailed_task(task)) for task in tasks]
    call.channel.notifications += [
        {"jsonrpc": "2.0", "method": method, "params": {**params, "_meta": tag}} for method, params in messages
    ]
    return {"_meta": tag}


def subscribe(call: Call) -> dict[str, Any]:
    """Accept ``resources/subscribe`` and ``resources/unsubscribe`` (2025-11-25 and before) for an existing resource.

    Clients that subscribe to everything then continue. The capability ``resources.subscribe`` is not announced, because
    the server could not deliver an update. Raise ``ResourceNotFound`` or ``InsufficientScope``, as for reading it.
    """
    find_resource(call)
    return {}
