"""The function of some tools: it runs what the server forwards.

Only the server may invoke it, so what a call says of its caller is trusted.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from runtime.authoring.context import Channel, Context, Detached, InputRequired
from runtime.authoring.tool import Tool
from runtime.mcp.forwarded_call import ForwardedAnswer, ForwardedCall, pack_questions
from runtime.mcp.tools import error_result, run_tool
from runtime.mcp.wire import fits

logger = logging.getLogger(__name__)


class ToolFunction:
    """Runs some tools, by their names. ``clock`` returns seconds, and never goes back."""

    def __init__(self, tools: Mapping[str, Tool], clock: Callable[[], float] = time.monotonic) -> None:
        self._tools = tools
        self._clock = clock

    def answer(self, event: Mapping[str, Any], time_left: Callable[[], float]) -> dict[str, Any]:
        """Return the answer to a forwarded call.

        ``time_left`` returns the seconds until this function is stopped. The server may stop waiting earlier.
        """
        call = msgspec.convert(event, ForwardedCall)
        started = self._clock()
        channel = Channel(
            capabilities=call.capabilities,
            answers=call.answers,
            refused=call.refused,
            progress_token=call.progress_token,
            log_level=lambda: call.log_level,
            detachable=call.detachable,
        )
        context = Context(
            client_id=call.client_id,
            subject=call.subject,
            scopes=frozenset(call.scopes),
            request_id=call.request_id,
            protocol_version=call.protocol_version,
            channel=channel,
            remaining=lambda: _least(time_left(), call.seconds, self._clock() - started),
        )
        answer = self._run(call, context, channel)
        self._log(call, answer, started)
        return _encode(call, answer)

    def _run(self, call: ForwardedCall, context: Context, channel: Channel) -> ForwardedAnswer:
        tool = self._tools.get(call.tool)
        # A later version of the function may lack the tool, or need more scopes for it than the server knows.
        if tool is None:
            return _of_result(error_result(f"{call.tool} is no longer a tool of this server"), channel)
        if not tool.options.scopes <= context.scopes:
            return _of_result(
                error_result(f"The tool {call.tool} needs other scopes now; list the tools again"), channel
            )
        try:
            return _of_result(run_tool(tool, call.arguments, context), channel)
        except Detached:
            return ForwardedAnswer(detached=True, notifications=channel.notifications)
        except InputRequired as needed:
            return ForwardedAnswer(questions=pack_questions(needed.questions), notifications=channel.notifications)

    def _log(self, call: ForwardedCall, answer: ForwardedAnswer, started: float) -> None:
        ended = "detached" if answer.detached else "asked" if answer.questions else "answered"
        logger.info(
            "tool",
            extra={
                "request_id": call.request_id,
                "tool": call.tool,
                "outcome": ended,
                "client_id": call.client_id,
                "duration_ms": round((self._clock() - started) * 1000, 2),
            },
        )


def _of_result(result: Mapping[str, Any], channel: Channel) -> ForwardedAnswer:
    encoded = {
        name: member if isinstance(member, msgspec.Raw) else msgspec.Raw(msgspec.json.encode(member))
        for name, member in result.items()
    }
    return ForwardedAnswer(result=encoded, notifications=channel.notifications)


def _encode(call: ForwardedCall, answer: ForwardedAnswer) -> dict[str, Any]:
    """Return an answer in the types that Lambda encodes: an error result for one that is too large together."""
    encoded = msgspec.json.encode(answer)
    if not fits(encoded.decode()):
        result = error_result(f"What {call.tool} returned and reported is too large; ask for less of it")
        encoded = msgspec.json.encode({"result": result})
    decoded: dict[str, Any] = msgspec.json.decode(encoded)
    return decoded


def _least(own: float, given: float | None, passed: float) -> float:
    return own if given is None else min(own, given - passed)
