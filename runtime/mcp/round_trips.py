"""Multi round-trip requests (MCP 2026-07-28): a result that asks, and the retry that answers."""

import json
from collections.abc import Mapping
from typing import Any

from runtime.authoring.asking import Pause, Question
from runtime.authoring.context import Channel, InputRequired
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams, MissingRequiredClientCapability
from runtime.tokens.signer import BadSignature, Signer

STATE_SECONDS = 3600
# As in schemas/mcp/2026-07-28: what is issued must be taken back.
LONGEST_STATE = 1_000_000
# What of a request makes it the same request when it is tried again.
_SALIENT = ("name", "uri", "arguments")


def recall(exchange: Channel, method: str, params: Mapping[str, Any], signer: Signer) -> None:
    """Put the answers that a retry brings, and those of earlier rounds, into the exchange.

    Server Requirements 4 and 5: the state opens only if it is whole, fresh, and was made for this principal and this
    request; otherwise ``InvalidParams`` is raised.
    """
    if "requestState" in params:
        try:
            state = signer.verify(_purpose(method, params), params["requestState"])
        except BadSignature as error:
            raise InvalidParams(
                "was not made for this request, or has lapsed", pointer="/params/requestState"
            ) from error
        exchange.answers = dict(state["answers"])
        exchange.already_sent = state["sent"]
    exchange.answers = {**exchange.answers, **params.get("inputResponses", {})}


def input_required(call: Call, method: str, needed: InputRequired) -> dict[str, Any]:
    """The ``InputRequiredResult`` that asks what a run needs.

    Server Requirements 7: raises ``MissingRequiredClientCapability`` for what the client cannot be asked. Raises
    ``InvalidParams`` for answers that are too large to travel on.
    """
    check_capabilities(call.exchange, needed.questions)
    asked = {key: question for key, question in needed.questions.items() if not isinstance(question, Pause)}
    passed: dict[str, Any] = {key: {} for key in needed.questions.keys() - asked.keys()}
    state = {"answers": {**call.exchange.answers, **passed}, "sent": sent(call.exchange)}
    signed = call.signer.sign(_purpose(method, call.params), state, STATE_SECONDS)
    if len(signed) > LONGEST_STATE:
        raise InvalidParams("are too large to be asked more", pointer="/params/inputResponses")
    result: dict[str, Any] = {"resultType": "input_required", "requestState": signed}
    if asked:
        result["inputRequests"] = {
            key: {"method": question.method, "params": question.params()} for key, question in asked.items()
        }
    return result


def check_capabilities(exchange: Channel, questions: Mapping[str, Question]) -> None:
    """Raise ``MissingRequiredClientCapability`` for questions that the client has not declared it can be asked."""
    missing = [question.capability for question in questions.values() if not exchange.supports(*question.capability)]
    if missing:
        raise MissingRequiredClientCapability(missing)


def sent(exchange: Channel) -> int:
    """How many notifications the client has, once those of this run are sent."""
    return max(exchange.already_sent, len(exchange.notifications))


def _purpose(method: str, params: Mapping[str, Any]) -> str:
    salient = {name: params.get(name) for name in _SALIENT}
    return f"state:{method}:{json.dumps(salient, sort_keys=True)}"
