"""A Lambda function that exists already, as a tool."""

import inspect
import json
import logging
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from runtime.authoring.content import Icon
from runtime.authoring.context import Context
from runtime.authoring.definition import DefinitionError
from runtime.authoring.function_calls import REASONS, CallFailed, FunctionCall, call_function
from runtime.authoring.json_values import json_bytes
from runtime.authoring.secrets import SettingError, current_source
from runtime.authoring.tool import Tool, ToolError, define_tool
from runtime.authoring.tool_options import TaskSupport, ToolAnnotations
from runtime.lambda_names import FunctionName, parse_function_name
from runtime.validation.schemas import SchemaViolation

logger = logging.getLogger(__name__)

# API Gateway waits no longer than the server, and has waited for a cold start already. What is left for a function is
# less by this much, so that the caller learns what happened.
MARGIN_SECONDS = 2.0
# The least time with which a call makes sense.
LEAST_SECONDS = 0.5
# AWS Lambda API, Invoke, ClientContext.
LARGEST_CLIENT_CONTEXT = 3583
LONGEST_MESSAGE = 1000

Arguments = Mapping[str, Any]


class Payload(Protocol):
    """How a function wants to be called, and what its answers mean. ``ProxyEvent`` is one."""

    def event(self, arguments: Arguments, context: Context, /) -> Any:
        """Return the event of a call."""

    def result(self, answer: Any, /) -> Any:
        """Return the result of the tool. Raise ``ToolError`` for an answer that means an error."""


class LambdaTool(Tool, frozen=True, dict=True):
    """A tool that a Lambda function runs. Called as a function, it takes ``arguments`` and a ``context``."""

    def bind(self, arguments: Arguments, context: Context) -> Arguments:
        """Return the arguments as one object, and the context. Raise ``SchemaViolation`` for invalid ones."""
        self.arguments.check(arguments)
        return {"arguments": arguments, "context": context}


def lambda_tool(
    *,
    name: str,
    description: str,
    input_schema: Mapping[str, Any] | str,
    output_schema: Mapping[str, Any] | str | None = None,
    function: str | None = None,
    environment: str | None = None,
    qualifier: str | None = None,
    payload: Payload | Callable[[Arguments, Context], Any] | None = None,
    pass_caller: bool = False,
    shown_errors: Sequence[str] = (),
    title: str | None = None,
    annotations: ToolAnnotations | None = None,
    icons: Sequence[Icon] = (),
    scopes: Sequence[str] = (),
    task: TaskSupport | None = None,
    meta: Mapping[str, Any] | None = None,
) -> Tool:
    """Make a tool of a Lambda function, which is called once for each call of the tool.

    ``function`` is its name or ARN, in any account or region, and ``qualifier`` a version or an alias. Or
    ``environment`` names the variable that has all of it. A schema is JSON Schema, or the name of a JSON file beside
    the module.

    The event of the function is the object of arguments, and its answer is the result. With a ``payload``, that makes
    the event of arguments and context, and may read the answer. With ``pass_caller``, the function finds ``client_id``,
    ``subject`` and ``request_id`` in ``custom`` of its client context. ``shown_errors`` are the types of its errors
    whose messages are for the caller; no other message leaves its log. The other options are those of ``@tool``.

    Raise ``DefinitionError``, at import time, for what cannot be a tool.
    """
    module = _calling_module()
    behind = _Behind(
        tool=name,
        function=function,
        environment=environment,
        qualifier=qualifier,
        event=_event_of(payload),
        result=getattr(payload, "result", None),
        pass_caller=pass_caller,
        shown_errors=frozenset(shown_errors),
    )

    def call(arguments: Arguments, context: Context) -> Any:
        return _check(tool, behind.call(arguments, context), context)

    call.__module__, call.__qualname__ = module["__name__"], f"lambda_tool({name!r})"
    _check_names(call, behind)
    given = {
        "name": name,
        "title": title,
        "description": description,
        "input_schema": _schema(call, input_schema, module),
        "output_schema": None if output_schema is None else _schema(call, output_schema, module),
        "annotations": annotations,
        "icons": icons,
        "scopes": scopes,
        "task": task,
        "meta": meta,
    }
    tool = define_tool(given, call, LambdaTool)
    return tool


class _Behind(msgspec.Struct, frozen=True, kw_only=True):
    """The function behind a tool."""

    tool: str
    function: str | None
    environment: str | None
    qualifier: str | None
    event: Callable[[Arguments, Context], Any]
    result: Callable[[Any], Any] | None
    pass_caller: bool
    shown_errors: frozenset[str]

    def call(self, arguments: Arguments, context: Context) -> Any:
        """Call the function once, and return what it answers. Raise ``ToolError`` for every failure of it.

        Raise ``SettingError`` if it is not known which one to call.
        """
        name = self._find()
        seconds = context.time_left - MARGIN_SECONDS
        if seconds < LEAST_SECONDS:
            raise ToolError(f"The tool {self.tool} was not called: no time is left (request {context.request_id})")
        call = FunctionCall(
            target=name.target,
            region=name.region,
            payload=json_bytes(self.event(arguments, context)),
            client_context=_client_context(context) if self.pass_caller else None,
            seconds=seconds,
        )
        try:
            answer = _decode(call_function(call))
        except CallFailed as failure:
            raise self._log_failure(failure, name.target, context) from None
        return self.result(answer) if self.result else answer

    def _find(self) -> FunctionName:
        """Return the function to call. Raise ``SettingError`` if a variable should name it and does not."""
        if self.function is not None:
            return parse_function_name(self.function, self.qualifier)
        text = current_source().variable(str(self.environment))
        try:
            return parse_function_name(text, self.qualifier)
        except ValueError:
            raise SettingError(
                f"the environment variable {self.environment} names no Lambda function; an operator sets it in "
                f'needs.py: needs.invoke(ARN, environment="{self.environment}")'
            ) from None

    def _log_failure(self, failure: CallFailed, target: str, context: Context) -> ToolError:
        """Log a failure in one line, and return the error for the caller.

        What the code of a function raised can quote a query, a password or the data of others. It is in the log of the
        function, where ``invocation_id`` leads; neither the caller nor the log of the server gets it.
        """
        found = {"outcome": failure.reason, "error": failure.error_type, "invocation_id": failure.invocation_id}
        extra = {"request_id": context.request_id, "tool": self.tool, "function": target, **found}
        logger.error("function failed", extra=extra)
        if failure.error_type in self.shown_errors:
            return ToolError(failure.error_message[:LONGEST_MESSAGE])
        return ToolError(f"The tool {self.tool} {REASONS[failure.reason]} (request {context.request_id})")


def _event_of(payload: Payload | Callable[[Arguments, Context], Any] | None) -> Callable[[Arguments, Context], Any]:
    if payload is None:
        return lambda arguments, _context: arguments
    event: Callable[[Arguments, Context], Any] | None = getattr(payload, "event", None)
    return event or payload  # type: ignore[return-value]  # without the member, it is a function


def _check(tool: Tool, answer: Any, context: Context) -> Any:
    """Return an answer that matches the output schema. Raise ``ToolError``."""
    if tool.results:
        try:
            tool.results.check(answer)
        except SchemaViolation as violation:
            extra = {"request_id": context.request_id, "tool": tool.name, "reason": str(violation)}
            logger.error("answer does not match the output schema", extra=extra)  # noqa: TRY400  # the reason says all
            raise ToolError(
                f"The tool {tool.name} failed: its function answered with something that its output schema does not "
                f"allow: {violation} (request {context.request_id})"
            ) from None
    return answer


def _check_names(call: Callable[..., Any], behind: _Behind) -> None:
    if (behind.function is None) == (behind.environment is None):
        raise DefinitionError(call, "needs either function, a name or an ARN, or environment, the variable that has it")
    if behind.environment is not None and behind.qualifier is not None:
        raise DefinitionError(call, "takes no qualifier with environment: the variable has the version or alias, too")
    try:
        parse_function_name(behind.function or "name", behind.qualifier)
    except ValueError as error:
        raise DefinitionError(call, str(error)) from error


def _calling_module() -> dict[str, Any]:
    """Return the globals of the module that calls ``lambda_tool``."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals is globals():
        frame = frame.f_back
    return frame.f_globals if frame is not None else {}


def _schema(call: Callable[..., Any], source: Mapping[str, Any] | str, module: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    try:
        schema = json.loads(Path(module["__file__"]).with_name(source).read_bytes())
    except (OSError, ValueError) as error:
        raise DefinitionError(call, f"{source} is no JSON file beside the module: {error}") from error
    return schema  # type: ignore[no-any-return]  # define_tool checks it


def _client_context(context: Context) -> str:
    """Return the client context. Raise ``ToolError`` for a caller with too long a name."""
    caller = {"client_id": context.client_id, "subject": context.subject, "request_id": context.request_id}
    encoded = b64encode(json.dumps({"custom": caller}).encode())
    if len(encoded) > LARGEST_CLIENT_CONTEXT:
        raise ToolError("The function cannot be told who calls: the id of the client or of the user is too long.")
    return encoded.decode()


def _decode(answer: bytes) -> Any:
    """Return what a function answered. Raise ``CallFailed`` if that is not JSON."""
    try:
        return msgspec.json.decode(answer)
    except msgspec.DecodeError:
        raise CallFailed("not an answer") from None
