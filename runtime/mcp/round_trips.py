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
# As in schemas/mcp/2026-07-28: the server must accept every state that it issues.
LONGEST_STATE = 1_000_000
# A retry is the same request if these parameters are the same.
_SALIENT = ("name", "uri", "arguments")


def recall_answers(channel: Channel, method: str, params: Mapping[str, Any], signer: Signer) -> None:
    """Put the answers of a retry, and those of earlier rounds, into the channel.

    Server Requirements 4 and 5: the state must verify, be fresh, and belong to this principal and this request.
    Otherwise raise ``InvalidParams``.
    """
    if "requestState" in params:
        try:
            state = signer.verify(_purpose(method, params), params["requestState"])
        except BadSignature as error:
            raise InvalidParams(
                "does not belong to this request, or has expired", pointer="/params/requestState"
            ) from error
        channel.answers = dict(state["answers"])
        channel.already_sent = state["sent"]
    channel.answers = {**channel.answers, **params.get("inputResponses", {})}


def ask_client(call: Call, method: str, needed: InputRequired) -> dict[str, Any]:
    """Return the ``InputRequiredResult`` with the questions of a run.

    Server Requirements 7: raise ``MissingRequiredClientCapability`` for a question that the client did not declare it
    can answer. Raise ``InvalidParams`` if the answers so far are too large for another round.
    """
    check_capabilities(call.channel, needed.questions)
    asked = {key: question for key, question in needed.questions.items() if not isinstance(question, Pause)}
    passed: dict[str, Any] = {key: {} for key in needed.questions.keys() - asked.keys()}
    state = {"answers": {**call.channel.answers, **passed}, "sent": count_notifications(call.channel)}
    signed = call.sender.signer.sign(_purpose(method, call.params), state, STATE_SECONDS)
    if len(signed) > LONGEST_STATE:
        raise InvalidParams("are too large for another question", pointer="/params/inputResponses")
    result: dict[str, Any] = {"resultType": "input_required", "requestState": signed}
    if asked:
        result["inputRequests"] = {
            key: {"method": question.method, "params": question.params()} for key, question in asked.items()
        }
    return result


def check_capabilities(channel: Channel, questions: Mapping[str, Question]) -> None:
    """Raise ``MissingRequiredClientCapability`` for questions that the client did not declare it can answer."""
    missing = [question.capability for question in questions.values() if not channel.supports(*question.capability)]
    if missing:
        raise MissingRequiredClientCapability(missing)


def count_notifications(channel: Channel) -> int:
    """Return how many notifications the client has once those of this run are sent."""
    return max(channel.already_sent, len(channel.notifications))


def _purpose(method: str, params: Mapping[str, Any]) -> str:
    salient = {name: params.get(name) for name in _SALIENT}
    return f"state:{method}:{json.dumps(salient, sort_keys=True)}"
