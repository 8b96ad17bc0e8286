"""Asking a legacy client, without holding anything open.

The question goes out on the stream of the request, which then ends. The answer comes as a POST of its own and is kept.
The client resumes the stream (2025-11-25, Resumability; SEP-1699), and the run that serves this finds the answer.
"""

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from runtime.authoring.asking import Pause
from runtime.authoring.context import InputRequired
from runtime.http.event import Response
from runtime.mcp import sse
from runtime.mcp.call import Services
from runtime.mcp.errors import InvalidMessage, InvalidParams, JsonRpcError
from runtime.mcp.message import Message
from runtime.mcp.wire import fits
from runtime.records.mcp import Changed, Exchange, Principal, TooLarge

logger = logging.getLogger(__name__)

LIFETIME_SECONDS = 3600
RETRY_MILLISECONDS = 1000
# Longer than any invocation: whoever still holds the lease by then is gone.
LEASE_SECONDS = 60
ATTEMPTS = 10
_EVENT_NUMBER = re.compile(r"[0-9]{1,9}")


class Outcome(msgspec.Struct, frozen=True):
    """What a run led to: notifications it sent, then a response, an error or questions.

    ``notified`` is how many notifications the client has by then, those of earlier runs included.
    """

    notifications: list[dict[str, Any]]
    notified: int
    response: Mapping[str, Any] | None = None
    error: JsonRpcError | None = None
    needed: InputRequired | None = None

    def body(self) -> Mapping[str, Any]:
        """The response, or the error as one. Raises ``RuntimeError`` for an outcome that only asks."""
        if self.error is not None:
            return self.error.body()
        if self.response is None:
            raise RuntimeError("there is no response yet")
        return self.response


class Terms(msgspec.Struct, frozen=True):
    """What a request was begun with: the revision, what its client can be asked, the scopes of its token, and those
    that it needs."""

    revision: str
    capabilities: Mapping[str, Any]
    scopes: frozenset[str]
    needs: frozenset[str]


# Lets a request go on with the token that has come, or raises ``InsufficientScope``.
Admit = Callable[[Exchange], Exchange]
Rerun = Callable[[Exchange], Outcome]


class Backchannel:
    """The exchanges of legacy clients."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def begin(self, owner: Principal, message: Message, terms: Terms, outcome: Outcome) -> Response:
        """Keep a request that asks, and answer it with a stream that ends after the questions."""
        request = {"id": message.id, "method": message.method, "params": dict(message.params)}
        exchange = Exchange(
            id=uuid.uuid4().hex,
            owner=owner,
            request=request,
            revision=terms.revision,
            capabilities=terms.capabilities,
            expires_at=self._now() + LIFETIME_SECONDS,
            pending={},
            answers={},
            refused={},
            events=(),
            scopes=tuple(sorted(terms.scopes)),
            needs=tuple(sorted(terms.needs)),
        )
        exchange = _continued(exchange, outcome)
        try:
            self._services.exchanges().put(exchange)
        except TooLarge as error:
            raise InvalidParams("are too large for a request that asks something", pointer="/params") from error
        return self._stream(exchange, 0, primed=True)

    def deliver(self, owner: Principal, message: Message, admit: Admit) -> None:
        """Keep the client's answer to a question. Raises ``InvalidMessage`` for one that nobody asked, and what
        ``admit`` does."""
        exchange_id = str(message.id).rpartition(".")[0]
        for _ in range(ATTEMPTS):
            exchange = self._owned(owner, exchange_id)
            if exchange is None or message.id not in exchange.pending:
                raise InvalidMessage("answers no request of this server", pointer="/id")
            answered = _answered(admit(exchange), message)
            try:
                self._services.exchanges().put(answered)
            except Changed:
                # Another answer of the same client came in between.
                continue
            except TooLarge as error:
                raise InvalidMessage("is too large", pointer="/result") from error
            return
        raise InvalidMessage("could not be kept; send it again", pointer="/id")

    def resume(self, owner: Principal, last_event_id: str, admit: Admit, rerun: Rerun) -> Response | None:
        """The rest of a stream after an event; ``None`` for an event that is not of this client.

        When every question is answered, the request is run again, by one invocation only. Raises what ``admit`` does,
        before anything is read or run.
        """
        exchange_id, _, number = last_event_id.rpartition("_")
        exchange = self._owned(owner, exchange_id)
        if exchange is None or not _EVENT_NUMBER.fullmatch(number):
            return None
        exchange = admit(exchange)
        if not exchange.done and not exchange.pending:
            exchange = self._run(exchange, rerun)
        return self._stream(exchange, int(number))

    def _run(self, exchange: Exchange, rerun: Rerun) -> Exchange:
        if exchange.lease > self._now():
            return exchange
        claimed = replace(exchange, lease=self._now() + LEASE_SECONDS, version=exchange.version + 1)
        try:
            self._services.exchanges().put(claimed)
        except Changed:
            return exchange
        return self._finished(claimed, rerun)

    def _finished(self, claimed: Exchange, rerun: Rerun) -> Exchange:
        """The exchange after a run of it. However that ends, its end is kept, so that nobody runs it again."""
        finished = claimed
        try:
            finished = _continued(claimed, rerun(claimed))
            self._services.exchanges().put(finished)
        except TooLarge:
            failed = _failed(claimed, "the response is too large to be kept")
            # What is complete can still be delivered this once.
            shown = finished if finished.done and fits(self._stream(finished, 0).body) else failed
        except Exception:
            # Whatever it was, also that the result cannot be written: without an end, every resume would run it again.
            logger.exception("resumed request failed", extra={"client_id": claimed.owner.client_id})
            shown = failed = _failed(claimed, "unexpected failure")
        else:
            return finished
        self._services.exchanges().put(failed)
        return shown

    def _stream(self, exchange: Exchange, after: int, *, primed: bool = False) -> Response:
        events = [
            sse.event(message, f"{exchange.id}_{number}")
            for number, message in enumerate(exchange.events, start=1)
            if number > after
        ]
        first = [sse.priming(f"{exchange.id}_{after}", RETRY_MILLISECONDS)] if primed or not exchange.done else []
        return sse.stream([*first, *events])

    def _owned(self, owner: Principal, exchange_id: str) -> Exchange | None:
        exchange = self._services.exchanges().get(exchange_id, self._now())
        return exchange if exchange and exchange.owner == owner else None

    def _now(self) -> int:
        return int(self._services.clock())


def _continued(exchange: Exchange, outcome: Outcome) -> Exchange:
    """The exchange after a run: its events, and the questions that now wait."""
    events = [*exchange.events, *outcome.notifications]
    pending: dict[str, str] = {}
    answers = dict(exchange.answers)
    if outcome.needed is None:
        events.append(dict(outcome.body()))
    for key, question in outcome.needed.questions.items() if outcome.needed else ():
        if isinstance(question, Pause):
            answers[key] = {}
            continue
        # A question that is asked again is a new request with a new id.
        question_id = f"{exchange.id}.{len(events)}"
        pending[question_id] = key
        events.append({"jsonrpc": "2.0", "id": question_id, "method": question.method, "params": question.params()})
    return replace(
        exchange,
        events=tuple(events),
        pending=pending,
        answers=answers,
        notified=outcome.notified,
        done=outcome.needed is None,
        lease=0,
        version=exchange.version + 1 if exchange.events or exchange.version else 0,
    )


def _failed(claimed: Exchange, reason: str) -> Exchange:
    """The exchange with an error as its response, and without what is not needed any more, so that it can be kept."""
    error = {"jsonrpc": "2.0", "id": claimed.request["id"], "error": {"code": -32603, "message": reason}}
    return replace(
        claimed,
        request={"id": claimed.request["id"]},
        answers={},
        refused={},
        events=(*claimed.events, error),
        done=True,
        lease=0,
        version=claimed.version + 1,
    )


def _answered(exchange: Exchange, message: Message) -> Exchange:
    key = exchange.pending[str(message.id)]
    pending = {question: name for question, name in exchange.pending.items() if question != message.id}
    answers, refused = dict(exchange.answers), dict(exchange.refused)
    if message.error is None:
        answers[key] = message.result
    else:
        refused[key] = str(message.error.get("message", "the client refused"))[:1000]
    return replace(exchange, pending=pending, answers=answers, refused=refused, version=exchange.version + 1)
