"""The runner of tasks, in a function of its own."""

import logging
import time
from collections.abc import Callable

from msgspec.structs import replace

from runtime.authoring.app import App
from runtime.authoring.context import Channel, Context, InputRequired
from runtime.authoring.tool import Tool
from runtime.mcp.call import Functions
from runtime.mcp.errors import InsufficientScope, InvalidParams, JsonRpcError
from runtime.mcp.revisions import MODERN
from runtime.mcp.tasks import POLL_MILLISECONDS, run_task
from runtime.records.mcp import Changed, Task, TaskStore, TooLarge

logger = logging.getLogger(__name__)


class TaskRunner:
    """Runs the tools of tasks. ``clock`` returns seconds since the epoch, ``wait`` sleeps for seconds.

    Without ``functions``, all tools run in this process.
    """

    def __init__(
        self,
        app: App,
        tasks: TaskStore,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
        functions: Functions | None = None,
    ) -> None:
        self._app = app
        self._tasks = tasks
        self._clock = clock
        self._wait = wait
        self._functions = functions

    def run(self, task_id: str, time_left: Callable[[], float]) -> None:
        """Run a task until it ends or asks. Skip one that has expired, is cancelled or already claimed.

        An unexpected failure is logged and raised; the task then fails when its lease expires.
        """
        task = self._claim_task(task_id)
        if task is None:
            logger.info("task", extra={"outcome": "skipped", "task_id": task_id})
            return
        try:
            ended = self._run_to_end(task, time_left)
            stored = self._store_end(ended)
        except Changed:
            # It was cancelled while it ran, so its result is discarded.
            logger.info("task", extra={"outcome": "superseded", "task_id": task_id})
            return
        logger.info("task", extra={"outcome": stored.status, "task_id": task_id, "client_id": task.owner.client_id})

    def _claim_task(self, task_id: str) -> Task | None:
        """Claim a task for this invocation alone: Lambda may deliver an asynchronous event more than once."""
        task = self._tasks.get(task_id, int(self._clock()))
        if task is None or task.status != "working" or task.claimed:
            return None
        claimed = replace(task, claimed=True, version=task.version + 1)
        try:
            self._tasks.put(claimed)
        except Changed:
            return None
        return claimed

    def _store_end(self, ended: Task) -> Task:
        """Store a task that has ended or asks; as failed if it is too large. Return it. Raise ``Changed``."""
        try:
            self._tasks.put(ended)
        except TooLarge:
            error = {"code": -32603, "message": "the result of this task is too large to store"}
            failed = replace(ended, status="failed", result=None, questions={}, error=error)
            self._tasks.put(failed)
            return failed
        return ended

    def _run_to_end(self, task: Task, time_left: Callable[[], float]) -> Task:
        """Run a task until it ends or asks, and return it. Raise ``Changed`` if it is cancelled during a pause."""
        channel = Channel(capabilities=task.request["capabilities"], answers=dict(task.answers))
        try:
            tool = self._find_tool(task)
        except JsonRpcError as error:
            failed = replace(task, version=task.version + 1, updated_at=self._clock(), status="failed", questions={})
            return replace(failed, error=error.to_wire())
        while True:
            context = Context(
                client_id=task.owner.client_id,
                subject=task.owner.subject,
                scopes=frozenset(task.request["scopes"]),
                request_id=task.request["requestId"],
                protocol_version=MODERN,
                channel=channel,
                remaining=time_left,
            )
            try:
                ended = run_task(task, tool, context, channel, self._functions)
            except InputRequired as paused:
                self._wait(POLL_MILLISECONDS / 1000)
                self._check_version(task)
                channel.answers = {**channel.answers, **{key: {} for key in paused.questions}}
                continue
            return replace(ended, updated_at=self._clock(), answers=channel.answers)

    def _find_tool(self, task: Task) -> Tool:
        """Return the tool of a task.

        Raise ``InvalidParams`` if a later deployment removed it, and ``InsufficientScope`` if it now needs more scopes
        than the task has.
        """
        tool = self._app.tools.get(task.request["tool"])
        if tool is None:
            raise InvalidParams("is no longer a tool of this server", pointer="/params/name")
        if not tool.options.scopes <= frozenset(task.request["scopes"]):
            raise InsufficientScope(tool.options.scopes)
        return tool

    def _check_version(self, task: Task) -> None:
        """Raise ``Changed`` if a task was cancelled or has expired since it was claimed."""
        stored = self._tasks.get(task.id, int(self._clock()))
        if stored is None or stored.version != task.version:
            raise Changed(task.id)
