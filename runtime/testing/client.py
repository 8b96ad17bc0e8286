"""The client: an app's tools, resources and prompts, called as a client calls them."""

import contextlib
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Final, Self

from runtime.authoring.app import App
from runtime.authoring.json_values import json_value
from runtime.mcp.revisions import MODERN
from runtime.mcp.tasks import EXTENSION
from runtime.testing.answers import Answering, Asked
from runtime.testing.causes import Causes
from runtime.testing.conversation import Conversation, Profile, converse
from runtime.testing.endpoint import WORKER_SECONDS, Endpoint, Identity
from runtime.testing.errors import RequestError, ToolFailed
from runtime.testing.functions import StandIn, use_stand_ins
from runtime.testing.notes import Notes
from runtime.testing.parameters import name_header, parameter_headers
from runtime.testing.results import CallResult, Log, Progress, PromptResult, ReadResult
from runtime.testing.surroundings import add_environment, scopes_of, use_secrets
from runtime.testing.tasks import PendingRuns, TaskHandle

EVERYTHING: Final[Mapping[str, Any]] = {
    "elicitation": {"form": {}, "url": {}},
    "sampling": {"tools": {}},
    "roots": {},
    "extensions": {EXTENSION: {}},
}
# Nobody else has this key, and nothing is kept that it signs.
KEY: Final = b"the key of a client in memory..."


class Client:
    """A client of one app, inside the process. Use it in a ``with`` statement.

    ``scopes`` are those that the caller has, with those that they imply; without them, all that the app names.
    ``answers`` has the answers to questions by their key, their message or their method, or is a function that gets an
    ``Asked``. ``capabilities`` are those that the client declares, by default all. ``environment`` adds environment
    variables until the ``with`` statement ends, and ``secrets`` has the secrets by their names. ``functions`` answer in
    the place of the Lambda functions with these names. ``protocol_version`` selects the era. ``time_left`` is the time
    that a function has, in seconds.
    """

    def __init__(
        self,
        app: App,
        *,
        scopes: Iterable[str] | None = None,
        subject: str = "user-1",
        client_id: str = "client-1",
        answers: Answering | None = None,
        capabilities: Mapping[str, Any] = EVERYTHING,
        environment: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        functions: Mapping[str, StandIn] | None = None,
        log_level: str | None = "debug",
        protocol_version: str = MODERN,
        time_left: float = 29,
    ) -> None:
        self._app = app
        self._environment = dict(environment or {})
        self._secrets = dict(secrets or {})
        self._functions = dict(functions or {})
        with add_environment(self._environment):
            # Here every tool runs in this process, also one with a function of its own.
            app.import_named()
        self._identity = Identity(client_id, subject, frozenset(scopes_of(app) if scopes is None else scopes), KEY)
        self._profile = Profile(protocol_version, capabilities, log_level)
        self._notes = Notes(answers or {})
        self._pending = PendingRuns()
        self._endpoint = Endpoint(app, self._pending, seconds=time_left)
        self._causes = Causes()
        self._stack = contextlib.ExitStack()
        self._conversation: Conversation | None = None

    def __enter__(self) -> Self:
        """Connect. A client of an earlier revision initializes."""
        self._stack.enter_context(add_environment(self._environment))
        self._stack.enter_context(use_secrets(self._secrets, "client(app, secrets={...})"))
        self._stack.enter_context(use_stand_ins(self._functions))
        self._stack.enter_context(self._causes.listening())
        self._conversation = converse(self._endpoint, self._identity, self._profile, self._notes)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Disconnect, and take the environment variables away."""
        self._conversation = None
        self._stack.close()

    @property
    def questions(self) -> list[Asked]:
        """The questions so far."""
        return self._notes.questions

    @property
    def progress(self) -> list[Progress]:
        """The progress notifications so far."""
        return self._notes.progress

    @property
    def logs(self) -> list[Log]:
        """The log messages to the client so far."""
        return self._notes.logs

    def call_tool(self, name: str, /, **arguments: Any) -> CallResult:
        """Call a tool and return its result. A task runs to its end.

        Raise ``ToolFailed`` for a result that says ``isError``: invalid arguments, a ``ToolError``, a failure. Raise
        ``RequestError`` for a tool that the caller may not use or that does not exist.
        """
        result = self._call(name, arguments)
        if result.get("resultType") == "task":
            return self._task(result).result()
        called = CallResult.of(result)
        if called.is_error:
            raise ToolFailed(called) from self._causes.last
        return called

    def start_tool(self, name: str, /, **arguments: Any) -> TaskHandle:
        """Call a tool that runs as a task, and return the task before anything has run.

        Raise ``TypeError`` for a tool that answered at once.
        """
        result = self._call(name, arguments)
        if result.get("resultType") != "task":
            raise TypeError(f"the tool {name} does not run as a task for this client")
        return self._task(result)

    def list_tools(self) -> list[dict[str, Any]]:
        """Return the tools that the caller sees, as they are listed."""
        return self._list("tools/list", "tools")

    def list_resources(self) -> list[dict[str, Any]]:
        """Return the resources that the caller sees, as they are listed."""
        return self._list("resources/list", "resources")

    def list_resource_templates(self) -> list[dict[str, Any]]:
        """Return the resource templates that the caller sees, as they are listed."""
        return self._list("resources/templates/list", "resourceTemplates")

    def list_prompts(self) -> list[dict[str, Any]]:
        """Return the prompts that the caller sees, as they are listed."""
        return self._list("prompts/list", "prompts")

    def read_resource(self, uri: str) -> ReadResult:
        """Return the contents of a resource. Raise ``RequestError``."""
        return ReadResult(self.request("resources/read", {"uri": uri})["contents"])

    def get_prompt(self, name: str, /, **arguments: str) -> PromptResult:
        """Return the messages of a prompt. Raise ``RequestError``."""
        result = self.request("prompts/get", {"name": name, "arguments": arguments})
        return PromptResult(result["messages"], result.get("description"))

    def complete(self, target: str, argument: str, value: str, /, **filled_in: str) -> list[str]:
        """Return what completes the value of an argument. ``target`` is the name of a prompt or a resource's URI.

        ``filled_in`` are the arguments that the user has filled in. Raise ``RequestError``.
        """
        is_prompt = target in self._app.prompts
        reference = {"type": "ref/prompt", "name": target} if is_prompt else {"type": "ref/resource", "uri": target}
        params: dict[str, Any] = {"ref": reference, "argument": {"name": argument, "value": value}}
        if filled_in:
            params["context"] = {"arguments": filled_in}
        return list(self.request("completion/complete", params)["completion"]["values"])

    def request(
        self, method: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Send any request of the protocol, answer its questions, and return its result. Raise ``RequestError``."""
        if self._conversation is None:
            raise RuntimeError("use the client in a with statement: with client(app) as c")
        self._causes.last = None
        stated = dict(params or {})
        method_headers = {**name_header(method, stated), **(headers or {})}
        try:
            return self._conversation.request(method, stated, method_headers)
        except RequestError as error:
            raise error from self._causes.last

    def _call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        plain = json_value(arguments)
        headers = parameter_headers(self._app.tools.get(name), plain)
        return self.request("tools/call", {"name": name, "arguments": plain}, headers)

    def _task(self, created: Mapping[str, Any]) -> TaskHandle:
        return TaskHandle(created["taskId"], self.request, self._work, self._endpoint.keys_of_task, self._notes)

    def _work(self) -> None:
        """Run the tasks that wait for a worker, without the seconds that a pause takes."""
        runner = self._endpoint.task_runner(self._app, wait=lambda _seconds: None)
        for task_id in self._pending.take():
            runner.run(task_id, lambda: float(WORKER_SECONDS))

    def _list(self, method: str, listing: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        page: dict[str, Any] = {}
        while True:
            result = self.request(method, page)
            items += result[listing]
            if "nextCursor" not in result:
                return items
            page = {"cursor": result["nextCursor"]}
