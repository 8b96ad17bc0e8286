"""Tasks (extension ``io.modelcontextprotocol/tasks``): tool calls that outlive their request."""

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from runtime.authoring.asking import Pause
from runtime.authoring.context import Channel, Context, InputRequired
from runtime.authoring.tool import Tool
from runtime.deployment import QUEUE_SECONDS
from runtime.mcp.call import Call, Functions
from runtime.mcp.errors import InvalidParams, JsonRpcError, MissingRequiredClientCapability
from runtime.mcp.needs import find_scopes
from runtime.mcp.round_trips import check_capabilities
from runtime.mcp.tools import run_call
from runtime.records.errors import StoreUnavailable
from runtime.records.mcp import Changed, Task, TaskStore, TooLarge

EXTENSION: Final = "io.modelcontextprotocol/tasks"
TTL_SECONDS: Final = 24 * 3600
POLL_MILLISECONDS: Final = 1000
TERMINAL: Final = frozenset({"completed", "failed", "cancelled"})
ATTEMPTS: Final = 10


def get(call: Call) -> dict[str, Any]:
    """Answer ``tasks/get``."""
    return to_detailed_task(_find_task(call))


def update(call: Call) -> dict[str, Any]:
    """Answer ``tasks/update``: store the answers to open questions, and start the worker once none is open.

    Answers to other questions are ignored. The task continues with the scopes that its first token and every token
    with answers have in common. Raise ``StoreUnavailable`` if no worker can be started; the questions then stay open.
    """
    for _ in range(ATTEMPTS):
        task = _find_task(call)
        given = {key: answer for key, answer in call.params["inputResponses"].items() if key in task.questions}
        if task.status != "input_required" or not given:
            return {}
        waiting = {key: question for key, question in task.questions.items() if key not in given}
        answers = {**task.answers, **{task.names[name]: answer for name, answer in given.items()}}
        scopes = call.sender.caller.scopes.intersection(task.request["scopes"])
        request = {**task.request, "scopes": sorted(scopes)}
        changed = _change(call, task, questions=waiting, answers=answers, request=request)
        if not waiting:
            changed = replace(changed, status="working", lease=_lease(call), claimed=False)
        if not _store(call.services.tasks(), changed):
            continue
        if not waiting:
            # If no worker starts, the client can send the answers again.
            _start_worker(call, changed, fallback=task)
        return {}
    raise InvalidParams("changes too often; try again", pointer="/params/taskId")


def cancel(call: Call) -> dict[str, Any]:
    """Answer ``tasks/cancel``: cancel a task that has not ended. A later result of its worker is discarded."""
    for _ in range(ATTEMPTS):
        task = _find_task(call)
        if task.status in TERMINAL:
            return {}
        cancelled = _change(call, task, status="cancelled", questions={})
        if _store(call.services.tasks(), cancelled):
            return {}
    raise InvalidParams("changes too often; try again", pointer="/params/taskId")


def to_detailed_task(task: Task) -> dict[str, Any]:
    """Return the ``DetailedTask`` of a task."""
    detailed = _to_wire(task)
    if task.status == "input_required":
        detailed["inputRequests"] = dict(task.questions)
    if task.status == "completed":
        detailed["result"] = task.result
    if task.status == "failed":
        detailed["error"] = task.error
    return detailed


def find_owned_task(call: Call, task_id: str) -> Task | None:
    """Return the caller's task with this id, ``None`` if there is none. Store a task whose worker is lost as failed.

    Raise ``InsufficientScope`` for a caller who may not use the tool of the task. That takes the scopes that the tool
    needed when the task started, even if the tool no longer exists, and those that it needs now.
    """
    now = call.services.clock()
    task = call.services.tasks().get(task_id, int(now))
    if task is None or task.owner != call.sender.owner:
        return None
    needed = find_scopes(call.app, "tools/call", {"name": task.request["tool"]})
    call.require_scopes(needed.union(task.request.get("needs", ())))
    if task.status != "working" or task.lease >= now:
        return task
    error = {"code": -32603, "message": "the worker of this task was lost"}
    lost = _change(call, task, status="failed", error=error)
    if _store(call.services.tasks(), lost):
        return lost
    # The worker ended in the meantime.
    return call.services.tasks().get(task_id, int(now))


def run_task(task: Task, tool: Tool, context: Context, channel: Channel, functions: Functions | None) -> Task:
    """Run the tool of a task in the worker until it ends or asks. Return the changed task, which is not stored yet.

    Raise ``InputRequired`` for a tool that only pauses.
    """
    ended = replace(task, version=task.version + 1, questions={})
    try:
        result = run_call(tool, dict(task.request["arguments"]), context, channel, functions)
    except InputRequired as needed:
        if all(isinstance(question, Pause) for question in needed.questions.values()):
            raise
        try:
            check_capabilities(channel, needed.questions)
        except JsonRpcError as error:
            return replace(ended, status="failed", error=error.to_wire())
        return replace(ended, status="input_required", **_name_questions(task, needed))
    return replace(ended, status="completed", result=result)


def _name_questions(task: Task, needed: InputRequired) -> dict[str, Any]:
    """Return the questions of a run under names that the task has not used (Task Polling: keys are never reused)."""
    names = dict(task.names)
    questions = {}
    for key, question in needed.questions.items():
        name = key
        while name in names:
            name = f"{key}-{len(names) + 1}"
        names[name] = key
        questions[name] = {"method": question.method, "params": question.params()}
    return {"questions": questions, "names": names}


def start_task(call: Call, tool: Tool) -> dict[str, Any]:
    """Store a new task, start its worker and return the ``CreateTaskResult``. Raise ``StoreUnavailable``."""
    now = call.services.clock()
    task = Task(
        id=uuid.uuid4().hex,
        owner=call.sender.owner,
        status="working",
        request={
            "tool": tool.name,
            "arguments": call.params.get("arguments", {}),
            "scopes": sorted(call.sender.caller.scopes),
            "needs": sorted(tool.options.scopes),
            "capabilities": dict(call.channel.capabilities),
            "requestId": call.context.request_id,
        },
        created_at=now,
        updated_at=now,
        expires_at=int(now) + TTL_SECONDS,
        lease=_lease(call),
        questions={},
        answers=dict(call.channel.answers),
        names={},
    )
    # Task Creation: a task must be durable before its handle is returned.
    _store(call.services.tasks(), task)
    error = {"code": -32603, "message": "no worker could be started for this task"}
    _start_worker(call, task, fallback=replace(task, status="failed", error=error))
    return {"resultType": "task", **_to_wire(task)}


def _start_worker(call: Call, task: Task, *, fallback: Task) -> None:
    """Start the worker of a task. If that fails, store ``fallback`` in its place and raise ``StoreUnavailable``."""
    try:
        call.services.worker().start(task.id)
    except StoreUnavailable:
        restored = replace(fallback, version=task.version + 1, updated_at=call.services.clock())
        # If a worker did start, it changed the version, and this changes nothing.
        _store(call.services.tasks(), restored)
        raise


def _find_task(call: Call) -> Task:
    """Return the task of a request.

    Raise ``MissingRequiredClientCapability`` for a client without tasks, ``InvalidParams`` for an unknown task or one
    of another owner, and ``InsufficientScope``.
    """
    if not call.channel.supports("extensions", EXTENSION):
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    task = find_owned_task(call, call.params["taskId"])
    if task is None:
        raise InvalidParams("is not a task of this client", pointer="/params/taskId")
    return task


def _change(call: Call, task: Task, **changes: Any) -> Task:
    """Return the next version of a task."""
    return replace(task, version=task.version + 1, updated_at=call.services.clock(), **changes)


def _store(tasks: TaskStore, task: Task) -> bool:
    """Store a task. Return ``False`` if another invocation changed it. Raise ``InvalidParams`` if it is too large."""
    try:
        tasks.put(task)
    except Changed:
        return False
    except TooLarge as error:
        raise InvalidParams("are too large for a task", pointer="/params") from error
    return True


def _lease(call: Call) -> int:
    return int(call.services.clock()) + QUEUE_SECONDS + call.services.worker_seconds


def _to_wire(task: Task) -> dict[str, Any]:
    """Return the ``Task`` of the extension."""
    members: dict[str, Any] = {
        "taskId": task.id,
        "status": task.status,
        "createdAt": _to_iso(task.created_at),
        "lastUpdatedAt": _to_iso(task.updated_at),
        "ttlMs": (task.expires_at - int(task.created_at)) * 1000,
        "pollIntervalMs": POLL_MILLISECONDS,
    }
    return {**members, "statusMessage": task.status_message} if task.status_message else members


def _to_iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
