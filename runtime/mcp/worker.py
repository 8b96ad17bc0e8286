"""Running tasks, in a function of its own."""

import logging
import time
from collections.abc import Callable

from msgspec.structs import replace

from runtime.authoring.app import App
from runtime.authoring.context import Channel, Context, InputRequired
from runtime.authoring.tool import Tool
from runtime.mcp.errors import InsufficientScope, InvalidParams, JsonRpcError
from runtime.mcp.revisions import MODERN
from runtime.mcp.tasks import POLL_MILLISECONDS, work
from runtime.records.mcp import Changed, Task, TaskStore, TooLarge

logger = logging.getLogger(__name__)


class TaskRunner:
    """Runs the tools of tasks. ``clock`` reads seconds since the epoch, ``wait`` sleeps for seconds."""

    def __init__(
        self,
        app: App,
        tasks: TaskStore,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._app = app
        self._tasks = tasks
        self._clock = clock
        self._wait = wait

    def run(self, task_id: str, time_left: Callable[[], float]) -> None:
        """Run a task until it ends or asks. One that is gone, cancelled or already run is left alone.

        A failure that nobody foresaw is logged and raised: the task then fails when its lease runs out.
        """
        task = self._claimed(task_id)
        if task is None:
            logger.info("task", extra={"outcome": "skipped", "task_id": task_id})
            return
        try:
            done = self._kept(self._worked(task, time_left))
        except Changed:
            # Cancelled while it ran: what it brought is thrown away.
            logger.info("task", extra={"outcome": "superseded", "task_id": task_id})
            return
        logger.info("task", extra={"outcome": done.status, "task_id": task_id, "client_id": task.owner.client_id})

    def _claimed(self, task_id: str) -> Task | None:
        """The task, taken up by this invocation alone: Lambda may deliver an asynchronous event more than once."""
        task = self._tasks.get(task_id, int(self._clock()))
        if task is None or task.status != "working" or task.claimed:
            return None
        claimed = replace(task, claimed=True, version=task.version + 1)
        try:
            self._tasks.put(claimed)
        except Changed:
            return None
        return claimed

    def _kept(self, done: Task) -> Task:
        try:
            self._tasks.put(done)
        except TooLarge:
            error = {"code": -32603, "message": "the result of this task is too large to be kept"}
            done = replace(done, status="failed", result=None, questions={}, error=error)
            self._tasks.put(done)
        return done

    def _worked(self, task: Task, time_left: Callable[[], float]) -> Task:
        """The task as it is when its tool ends or asks. Raises ``Changed`` when it was cancelled during a pause."""
        exchange = Channel(capabilities=task.request["capabilities"], answers=dict(task.answers))
        try:
            tool = self._find_tool(task)
        except JsonRpcError as error:
            failed = replace(task, version=task.version + 1, updated_at=self._clock(), status="failed", questions={})
            return replace(failed, error=error.body()["error"])
        while True:
            context = Context(
                client_id=task.owner.client_id,
                subject=task.owner.subject,
                scopes=frozenset(task.request["scopes"]),
                request_id=task.request["requestId"],
                protocol_version=MODERN,
                exchange=exchange,
                remaining=time_left,
            )
            try:
                done = work(task, tool, context, exchange)
            except InputRequired as paused:
                self._wait(POLL_MILLISECONDS / 1000)
                self._check(task)
                exchange.answers = {**exchange.answers, **{key: {} for key in paused.questions}}
                continue
            return replace(done, updated_at=self._clock(), answers=exchange.answers)

    def _find_tool(self, task: Task) -> Tool:
        """The tool of a task. Raises ``InvalidParams`` where a deployment since has none, and ``InsufficientScope``
        where it now needs more than the task may use."""
        tool = self._app.tools.get(task.request["tool"])
        if tool is None:
            raise InvalidParams("is not a tool of this server any more", pointer="/params/name")
        if not tool.options.scopes <= frozenset(task.request["scopes"]):
            raise InsufficientScope(tool.options.scopes)
        return tool

    def _check(self, task: Task) -> None:
        kept = self._tasks.get(task.id, int(self._clock()))
        if kept is None or kept.version != task.version:
            raise Changed(task.id)
