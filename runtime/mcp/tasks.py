"""Tasks (extension ``io.modelcontextprotocol/tasks``): tool calls that outlive their request."""

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from runtime.authoring.asking import Pause
from runtime.authoring.context import Channel, Context, Detached, InputRequired
from runtime.authoring.tool import Tool
from runtime.deployment import QUEUE_SECONDS
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams, JsonRpcError, MissingRequiredClientCapability
from runtime.mcp.needs import needed_scopes
from runtime.mcp.round_trips import check_capabilities
from runtime.mcp.tools import call_tool, find_tool, run_tool
from runtime.records.errors import StoreUnavailable
from runtime.records.mcp import Changed, Task, TaskStore, TooLarge

EXTENSION: Final = "io.modelcontextprotocol/tasks"
TTL_SECONDS: Final = 24 * 3600
POLL_MILLISECONDS: Final = 1000
TERMINAL: Final = frozenset({"completed", "failed", "cancelled"})
ATTEMPTS: Final = 10


def call_or_start(call: Call) -> dict[str, Any]:
    """``tools/call``: run the tool, or start a task where the tool is one that runs so and the client knows tasks.

    A tool that detaches runs first, and may ask, as with any request; the answers go with it into the task.

    Raises ``MissingRequiredClientCapability`` for a tool that runs as a task only (Capability Negotiation).
    """
    tool = find_tool(call)
    if tool.options.task is None:
        return call_tool(call)
    knows_tasks = call.exchange.supports("extensions", EXTENSION)
    if not knows_tasks and tool.options.task == "required":
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    if knows_tasks and not tool.options.detaches:
        return _start(call, tool)
    call.exchange.detachable = knows_tasks
    try:
        return call_tool(call)
    except Detached:
        return _start(call, tool)


def call_inline(call: Call) -> dict[str, Any]:
    """``tools/call`` of a legacy client, which knows no tasks."""
    if find_tool(call).options.task == "required":
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    return call_tool(call)


def get(call: Call) -> dict[str, Any]:
    """``tasks/get``."""
    return detailed(_known(call))


def update(call: Call) -> dict[str, Any]:
    """``tasks/update``: keep the answers to questions that wait, ignore others, go on when none waits any more.

    The task goes on with the scopes that its start and each token that has answered have in common.
    Raises ``StoreUnavailable`` when no worker could be started; the task then waits as before.
    """
    for _ in range(ATTEMPTS):
        task = _known(call)
        given = {key: answer for key, answer in call.params["inputResponses"].items() if key in task.questions}
        if task.status != "input_required" or not given:
            return {}
        waiting = {key: question for key, question in task.questions.items() if key not in given}
        answers = {**task.answers, **{task.names[name]: answer for name, answer in given.items()}}
        scopes = call.caller.scopes.intersection(task.request["scopes"])
        request = {**task.request, "scopes": sorted(scopes)}
        changed = _changed(call, task, questions=waiting, answers=answers, request=request)
        if not waiting:
            changed = replace(changed, status="working", lease=_lease(call), claimed=False)
        if _kept(call.services.tasks(), changed):
            if not waiting:
                # Should no worker take it up, the answers can be given again.
                _work_begins(call, changed, back=task)
            return {}
    raise InvalidParams("is being changed by others; try again", pointer="/params/taskId")


def cancel(call: Call) -> dict[str, Any]:
    """``tasks/cancel``: a task that has not ended is cancelled; what its worker still brings is thrown away."""
    for _ in range(ATTEMPTS):
        task = _known(call)
        if task.status in TERMINAL or _kept(
            call.services.tasks(), _changed(call, task, status="cancelled", questions={})
        ):
            return {}
    raise InvalidParams("is being changed by others; try again", pointer="/params/taskId")


def detailed(task: Task) -> dict[str, Any]:
    """The ``DetailedTask`` of a task."""
    shown = _shown(task)
    if task.status == "input_required":
        shown["inputRequests"] = dict(task.questions)
    if task.status == "completed":
        shown["result"] = task.result
    if task.status == "failed":
        shown["error"] = task.error
    return shown


def owned_task(call: Call, task_id: str) -> Task | None:
    """The caller's task with this id; one whose worker was lost has failed.

    Raises ``InsufficientScope`` for a caller who may not use its tool: what the tool needed when the task was started,
    which stays where the tool is gone, and what it needs now.
    """
    now = call.services.clock()
    task = call.services.tasks().get(task_id, int(now))
    if task is None or task.owner != call.owner:
        return None
    needed = needed_scopes(call.app, "tools/call", {"name": task.request["tool"]})
    call.check(needed.union(task.request.get("needs", ())))
    if task.status == "working" and task.lease < now:
        error = {"code": -32603, "message": "the worker of this task was lost"}
        lost = _changed(call, task, status="failed", error=error)
        # Should the worker have ended meanwhile, its word counts.
        return lost if _kept(call.services.tasks(), lost) else call.services.tasks().get(task_id, int(now))
    return task


def work(task: Task, tool: Tool, context: Context, exchange: Channel) -> Task:
    """Run a task's tool in the worker, until it ends or asks, and return the task as it is then.

    Raises ``InputRequired`` for a tool that only wants to pause.
    """
    ended = replace(task, version=task.version + 1, questions={})
    try:
        result = run_tool(tool, dict(task.request["arguments"]), context)
        return replace(ended, status="completed", result=result)
    except InputRequired as needed:
        if all(isinstance(question, Pause) for question in needed.questions.values()):
            raise
        try:
            check_capabilities(exchange, needed.questions)
        except JsonRpcError as error:
            return replace(ended, status="failed", error=error.body()["error"])
        return replace(ended, status="input_required", **_asked(task, needed))


def _asked(task: Task, needed: InputRequired) -> dict[str, Any]:
    """The questions of a task by names that none before them has had (Task Polling: keys are never reused)."""
    names = dict(task.names)
    questions = {}
    for key, question in needed.questions.items():
        name = key
        while name in names:
            name = f"{key}-{len(names) + 1}"
        names[name] = key
        questions[name] = {"method": question.method, "params": question.params()}
    return {"questions": questions, "names": names}


def _start(call: Call, tool: Tool) -> dict[str, Any]:
    now = call.services.clock()
    task = Task(
        id=uuid.uuid4().hex,
        owner=call.owner,
        status="working",
        request={
            "tool": tool.name,
            "arguments": call.params.get("arguments", {}),
            "scopes": sorted(call.caller.scopes),
            "needs": sorted(tool.options.scopes),
            "capabilities": dict(call.exchange.capabilities),
            "requestId": call.context.request_id,
        },
        created_at=now,
        updated_at=now,
        expires_at=int(now) + TTL_SECONDS,
        lease=_lease(call),
        questions={},
        answers=dict(call.exchange.answers),
        names={},
    )
    # Task Creation: a task must be durable before its handle is returned.
    _kept(call.services.tasks(), task)
    error = {"code": -32603, "message": "no worker could be started for this task"}
    _work_begins(call, task, back=replace(task, status="failed", error=error))
    return {"resultType": "task", **_shown(task)}


def _work_begins(call: Call, task: Task, *, back: Task) -> None:
    """Start the worker of a task; where that fails, put ``back`` in the place of the task and raise
    ``StoreUnavailable``."""
    try:
        call.services.worker().start(task.id)
    except StoreUnavailable:
        # Should a worker have taken it up all the same, the version is another one and its word counts.
        _kept(call.services.tasks(), replace(back, version=task.version + 1, updated_at=call.services.clock()))
        raise


def _known(call: Call) -> Task:
    """The caller's task. Raises ``InvalidParams``, also for another's, ``MissingRequiredClientCapability`` for a client
    that does not know tasks, and ``InsufficientScope``."""
    if not call.exchange.supports("extensions", EXTENSION):
        raise MissingRequiredClientCapability([("extensions", EXTENSION)])
    task = owned_task(call, call.params["taskId"])
    if task is None:
        raise InvalidParams("is not a task of this client", pointer="/params/taskId")
    return task


def _changed(call: Call, task: Task, **changes: Any) -> Task:
    return replace(task, version=task.version + 1, updated_at=call.services.clock(), **changes)


def _kept(tasks: TaskStore, task: Task) -> bool:
    """Put a task; ``False`` when somebody else has changed it. Raises ``InvalidParams`` for one that is too large."""
    try:
        tasks.put(task)
    except Changed:
        return False
    except TooLarge as error:
        raise InvalidParams("are too large for a task", pointer="/params") from error
    return True


def _lease(call: Call) -> int:
    return int(call.services.clock()) + QUEUE_SECONDS + call.services.worker_seconds


def _shown(task: Task) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "taskId": task.id,
        "status": task.status,
        "createdAt": _iso(task.created_at),
        "lastUpdatedAt": _iso(task.updated_at),
        "ttlMs": (task.expires_at - int(task.created_at)) * 1000,
        "pollIntervalMs": POLL_MILLISECONDS,
    }
    return {**shown, "statusMessage": task.status_message} if task.status_message else shown


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
