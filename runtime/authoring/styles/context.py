"""The context under the names of other frameworks."""

from collections.abc import Generator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from runtime.authoring.asking import Completion, Root
from runtime.authoring.context import Context, Level
from runtime.authoring.styles.forms import AcceptedElicitation, CancelledElicitation, DeclinedElicitation, TypedForm

# The request that runs, for functions without a parameter for it.
current: ContextVar[Context] = ContextVar("current")
# What FastMCP asks for when a tool states no limit.
DEFAULT_TOKENS = 512
_NOT_SAMPLED = {"mask_error_details", "model_preferences", "result_type", "tool_choice", "tool_concurrency"}


class Sent:
    """What a method returns that has sent something: code may await it, and need not."""

    def __await__(self) -> Generator[Any, None, None]:
        """Return at once: what is sent leaves with the response."""
        yield from ()


_USE_THE_CALLER = "use subject, client_id and scopes: functions never see the token"


class StyleContext:
    """The current request. Members that are not here are those of ``runtime.authoring.Context``."""

    INSTEAD: ClassVar[Mapping[str, str]] = {
        "access_token": _USE_THE_CALLER,
        "client_capabilities": 'use supports("elicitation", "form")',
        "client_extension_settings": 'use supports("extensions", identifier)',
        "client_supports_extension": 'use supports("extensions", identifier)',
        "close_sse_stream": "use pause()",
        "close_standalone_sse_stream": "use pause()",
        "delete_state": "use a table of your own, by subject: a request may run in any function instance",
        "disable_components": "use scopes to decide who sees a tool",
        "enable_components": "use scopes to decide who sees a tool",
        "fastmcp": "import the app from its module",
        "get_prompt": "call the function of the prompt",
        "get_state": "use a table of your own, by subject: a request may run in any function instance",
        "headers": "use a parameter of the tool: headers stay with the server",
        "input_responses": "use elicit, sample or list_roots, which return the answers",
        "is_background_task": "leave it out: the code of a task is the same",
        "lifespan_context": "use functools.cache around a function that creates it: an instance lives for many calls",
        "list_prompts": "use the prompts of the app, app.prompts",
        "list_resources": "use the resources of the app, app.resources",
        "mcp_server": "import the app from its module",
        **dict.fromkeys(
            ("notify_prompts_changed", "notify_resource_updated", "notify_resources_changed", "notify_tools_changed"),
            "leave it out: the lists change with a deployment",
        ),
        "origin_request_id": "use request_id",
        "read_resource": "call the function of the resource",
        "request_context": "use request_id, client_id and subject; what a lifespan made: functools.cache",
        "request_state": "use elicit, which keeps the answers",
        "reset_visibility": "use scopes to decide who sees a tool",
        "sample_step": "use sample with tools",
        "send_notification": "use report_progress or info",
        "session": "use elicit, sample, list_roots, info or report_progress of the context",
        "session_id": "use subject and client_id: no session is needed",
        "set_state": "use a table of your own, by subject: a request may run in any function instance",
        "task_id": "leave it out: the code of a task is the same",
        "transport": "leave it out: it is always Streamable HTTP",
    }

    def __init__(self, request: Context) -> None:
        self._request = request

    def __class_getitem__(cls, _parameters: Any) -> type[Self]:
        """Return the class itself: the types of a session and a lifespan have no meaning here."""
        return cls

    def __getattr__(self, name: str) -> Any:
        """Return a member of the request. Raise ``AttributeError``, which says what to use instead of others."""
        if name in self.INSTEAD:
            raise AttributeError(f"the context has no {name!r} here: {self.INSTEAD[name]}")
        return getattr(self._request, name)

    def debug(self, message: Any, logger_name: str | None = None, **_extra: Any) -> Sent:
        """Send a log message of this level."""
        return self._send_log(message, "debug", logger_name)

    def info(self, message: Any, logger_name: str | None = None, **_extra: Any) -> Sent:
        """Send a log message of this level."""
        return self._send_log(message, "info", logger_name)

    def warning(self, message: Any, logger_name: str | None = None, **_extra: Any) -> Sent:
        """Send a log message of this level."""
        return self._send_log(message, "warning", logger_name)

    def error(self, message: Any, logger_name: str | None = None, **_extra: Any) -> Sent:
        """Send a log message of this level."""
        return self._send_log(message, "error", logger_name)

    def report_progress(self, progress: float, total: float | None = None, message: str | None = None) -> Sent:
        """Send progress to a client that asked for it."""
        self._request.progress(progress, total, message)
        return Sent()

    async def list_roots(self) -> list[Root]:
        """Ask for the client's roots."""
        return self._request.roots()

    async def sample(
        self,
        messages: str | Sequence[Any],
        *,
        system_prompt: str | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        **options: Any,
    ) -> Completion:
        """Ask the client's model. Further ``options`` are parameters by their wire names."""
        if others := sorted(options.keys() & _NOT_SAMPLED):
            raise TypeError(f"sample has no {others[0]!r} here: use the wire names modelPreferences, tools, toolChoice")
        stated = {"systemPrompt": system_prompt, "temperature": temperature}
        known: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
        asked = messages if isinstance(messages, str) else [_to_message(each) for each in messages]
        return self._request.sample(asked, max_tokens or DEFAULT_TOKENS, **known, **options)

    def _send_log(self, message: Any, level: Level, logger: str | None) -> Sent:
        self._request.log(message, level, logger)
        return Sent()

    def ask_typed(self, message: str, form: TypedForm) -> Any:
        """Ask the user, and return the answer as one of the three kinds of a typed one."""
        answer = self._request.elicit(message, form.schema)
        if answer.action == "accept":
            return AcceptedElicitation(form.read(answer.content or {}))
        return DeclinedElicitation() if answer.action == "decline" else CancelledElicitation()


def _to_message(message: Any) -> Any:
    if isinstance(message, str):
        return {"role": "user", "content": {"type": "text", "text": message}}
    return message.to_wire() if hasattr(message, "to_wire") else message


def current_request() -> Context:
    """Return the current request. Raise ``RuntimeError`` outside of one."""
    try:
        return current.get()
    except LookupError as error:
        raise RuntimeError("there is no request: only a function that serves one can ask for it") from error
