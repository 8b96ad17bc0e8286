"""The call of a tool that runs in a function of its own."""

import logging
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from runtime.authoring.context import LEVELS, Channel, Context, Detached, InputRequired, Level
from runtime.authoring.tool import Tool, ToolError
from runtime.mcp.forwarded_call import ForwardedAnswer, ForwardedCall, unpack_questions
from runtime.mcp.revisions import MODERN
from runtime.records.invocation import InvocationFailed, Reason
from runtime.records.mcp import RemoteFunction

logger = logging.getLogger(__name__)

# What a caller is told. None of it repeats what the function said.
MESSAGES: Final[Mapping[Reason, str]] = {
    "busy": "is busy: too many calls run at the same time; try again later",
    "crashed": "failed: its function broke off",
    "missing": "cannot be run: its function does not exist",
    "out of memory": "failed: its function ran out of memory",
    "refused": "cannot be run: the server may not call its function",
    "timed out": "took too long, and may have done a part of its work",
    "arguments too large": "got too much to forward: the arguments and answers are too large together",
    "result too large": "failed: its result is too large; ask for less of it",
    "unavailable": "cannot be run now: Lambda did not take the call; try again later",
    "unreachable": "may have failed: the connection to its function broke off",
}


def forward_call(
    tool: Tool,
    arguments: dict[str, Any],
    context: Context,
    channel: Channel,
    functions: Callable[[str], RemoteFunction],
) -> dict[str, Any]:
    """Let the function of a tool run it, once, and return its result, whose members are already encoded.

    Raise ``InputRequired`` or ``Detached`` if the run did, and ``ToolError`` for every failure of the function, which
    is one line in the log.
    """
    call = _pack(tool, arguments, context, channel)
    try:
        answer = _invoke(functions(str(tool.options.function)), call)
    except InvocationFailed as failure:
        extra = {"request_id": context.request_id, "tool": tool.name, "function": tool.options.function}
        found = {"outcome": failure.reason, "detail": str(failure), "invocation_id": failure.request_id}
        logger.error("tool function failed", extra={**extra, **found})  # noqa: TRY400  # its log has the stack
        message = f"The tool {tool.name} {MESSAGES[failure.reason]} (request {context.request_id})"
        raise ToolError(message) from failure
    channel.notifications += _filter(answer.notifications, channel)
    if answer.detached:
        raise Detached
    if answer.questions:
        raise InputRequired(unpack_questions(answer.questions))
    result: dict[str, Any] = dict(answer.result or {})
    if "_meta" in result:
        # 2026-07-28 adds to it.
        result["_meta"] = msgspec.json.decode(result["_meta"])
    return result


def _pack(tool: Tool, arguments: dict[str, Any], context: Context, channel: Channel) -> ForwardedCall:
    seconds = context.time_left
    return ForwardedCall(
        tool=tool.name,
        arguments=arguments,
        client_id=context.client_id,
        subject=context.subject,
        scopes=tuple(sorted(context.scopes)),
        request_id=context.request_id,
        protocol_version=context.protocol_version,
        seconds=seconds if math.isfinite(seconds) else None,
        capabilities=channel.capabilities,
        answers=channel.answers,
        refused=channel.refused,
        progress_token=channel.progress_token,
        # To ask a legacy client's level costs a read of the table, which most runs do not need.
        log_level=channel.log_level() if context.protocol_version == MODERN else LEVELS[0],
        detachable=channel.detachable,
    )


def _invoke(function: RemoteFunction, call: ForwardedCall) -> ForwardedAnswer:
    """Return the answer of a function. Raise ``InvocationFailed``, also for an answer that is none."""
    answer = function.invoke(msgspec.json.encode(call))
    try:
        decoded = msgspec.json.decode(answer, type=ForwardedAnswer)
    except msgspec.MsgspecError as error:
        raise InvocationFailed("crashed", f"its answer is none: {error}") from error
    if decoded.result is None and not decoded.questions and not decoded.detached:
        raise InvocationFailed("crashed", "its answer is empty")
    return decoded


def _filter(notifications: Any, channel: Channel) -> Iterator[dict[str, Any]]:
    """Yield the notifications that the client wants: a function knows no level of a legacy client."""
    for notification in notifications:
        if notification.get("method") != "notifications/message" or _admits(channel, notification["params"]["level"]):
            yield notification


def _admits(channel: Channel, level: Level) -> bool:
    least = channel.log_level()
    return least is not None and LEVELS.index(level) >= LEVELS.index(least)
