"""Questions to a legacy client, without a connection that stays open.

The question goes out on the stream of the request, and the stream ends. The answer arrives as a POST of its own and is
stored. The client resumes the stream (2025-11-25, Resumability; SEP-1699), and the run for that finds the answer.
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
from runtime.mcp.errors import ErrorResponse, InvalidMessage, InvalidParams, error_body
from runtime.mcp.message import Message
from runtime.mcp.wire import fits
from runtime.records.mcp import Changed, Exchange, Principal, TooLarge

logger = logging.getLogger(__name__)

LIFETIME_SECONDS = 3600
RETRY_MILLISECONDS = 1000
# Longer than any invocation, so no invocation outlives its lease.
LEASE_SECONDS = 60
ATTEMPTS = 10
_EVENT_NUMBER = re.compile(r"[0-9]{1,9}")


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of a run: its notifications, then a response, an error or questions.

    ``notified`` is how many notifications the client then has, those of earlier runs included.
    """

    notifications: list[dict[str, Any]]
    notified: int
    response: Mapping[str, Any] | None = None
    error: ErrorResponse | None = None
    needed: InputRequired | None = None

    def body(self) -> Mapping[str, Any]:
        """Return the response or the error response. Raise ``RuntimeError`` for an outcome that only asks."""
        if self.error is not None:
            return self.error.body()
        if self.response is None:
            raise RuntimeError("there is no response yet")
        return self.response


class Terms(msgspec.Struct, frozen=True):
    """The terms of a request at its start: its revision, its client's capabilities, the scopes of its token, and the
    scopes that it needs."""

    revision: str
    capabilities: Mapping[str, Any]
    scopes: frozenset[str]
    needs: frozenset[str]


# Admits a request with the current token, or raises ``InsufficientScope``.
Admit = Callable[[Exchange], Exchange]
Rerun = Callable[[Exchange], Outcome]


class Backchannel:
    """The exchanges of legacy clients."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def begin(self, owner: Principal, message: Message, terms: Terms, outcome: Outcome) -> Response:
        """Store a request that asks, and return a stream that ends after the questions. Raise ``InvalidParams``."""
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
        exchange = _add_run(exchange, outcome)
        try:
            self._services.exchanges().put(exchange)
        except TooLarge as error:
            raise InvalidParams("are too large for a request that asks the client", pointer="/params") from error
        return self._stream(exchange, 0, primed=True)

    def deliver(self, owner: Principal, message: Message, admit: Admit) -> None:
        """Store the client's answer to a question.

        Raise ``InvalidMessage`` for an answer to no open question, and what ``admit`` raises.
        """
        exchange_id = str(message.id).rpartition(".")[0]
        for _ in range(ATTEMPTS):
            exchange = self._find_exchange(owner, exchange_id)
            if exchange is None or message.id not in exchange.pending:
                raise InvalidMessage("answers no request of this server", pointer="/id")
            answered = _add_answer(admit(exchange), message)
            try:
                self._services.exchanges().put(answered)
            except Changed:
                # Another answer of the same client arrived in between.
                continue
            except TooLarge as error:
                raise InvalidMessage("is too large", pointer="/result") from error
            return
        raise InvalidMessage("could not be stored; send it again", pointer="/id")

    def resume(self, owner: Principal, last_event_id: str, admit: Admit, rerun: Rerun) -> Response | None:
        """Return the rest of a stream after an event, ``None`` for an event that does not belong to this client.

        Once every question is answered, one invocation runs the request again. Raise what ``admit`` raises, before
        anything is returned or run.
        """
        exchange_id, _, number = last_event_id.rpartition("_")
        exchange = self._find_exchange(owner, exchange_id)
        if exchange is None or not _EVENT_NUMBER.fullmatch(number):
            return None
        exchange = admit(exchange)
        if not exchange.done and not exchange.pending:
            exchange = self._run_once(exchange, rerun)
        return self._stream(exchange, int(number))

    def _run_once(self, exchange: Exchange, rerun: Rerun) -> Exchange:
        """Run the request of an exchange if no other invocation does, and return the exchange."""
        if exchange.lease > self._now():
            return exchange
        claimed = replace(exchange, lease=self._now() + LEASE_SECONDS, version=exchange.version + 1)
        try:
            self._services.exchanges().put(claimed)
        except Changed:
            return exchange
        return self._run_and_store(claimed, rerun)

    def _run_and_store(self, claimed: Exchange, rerun: Rerun) -> Exchange:
        """Run the request of a claimed exchange, store the end of the run, and return the exchange to send."""
        finished = claimed
        try:
            finished = _add_run(claimed, rerun(claimed))
            self._services.exchanges().put(finished)
        except TooLarge:
            failed = _fail(claimed, "the response is too large to store")
            # A complete response can still be sent this one time.
            to_send = finished if finished.done and fits(self._stream(finished, 0).body) else failed
        except Exception:
            # Any failure, the store's included: without a stored end, every resume would run the request again.
            logger.exception("resumed request failed", extra={"client_id": claimed.owner.client_id})
            to_send = failed = _fail(claimed, "unexpected failure")
        else:
            return finished
        self._services.exchanges().put(failed)
        return to_send

    def _stream(self, exchange: Exchange, after: int, *, primed: bool = False) -> Response:
        events = [
            sse.event(message, f"{exchange.id}_{number}")
            for number, message in enumerate(exchange.events, start=1)
            if number > after
        ]
        first = [sse.priming_event(f"{exchange.id}_{after}", RETRY_MILLISECONDS)] if primed or not exchange.done else []
        return sse.stream([*first, *events])

    def _find_exchange(self, owner: Principal, exchange_id: str) -> Exchange | None:
        exchange = self._services.exchanges().get(exchange_id, self._now())
        return exchange if exchange and exchange.owner == owner else None

    def _now(self) -> int:
        return int(self._services.clock())


def _add_run(exchange: Exchange, outcome: Outcome) -> Exchange:
    """Return the exchange with the events and the open questions of a run."""
    events = [*exchange.events, *outcome.notifications]
    pending: dict[str, str] = {}
    answers = dict(exchange.answers)
    if outcome.needed is None:
        events.append(dict(outcome.body()))
    for key, question in outcome.needed.questions.items() if outcome.needed else ():
        if isinstance(question, Pause):
            answers[key] = {}
            continue
        # A repeated question is a new request with a new id.
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


def _fail(claimed: Exchange, reason: str) -> Exchange:
    """Return the exchange with an error as its response, small enough to store: without request and answers."""
    error = error_body(claimed.request["id"], {"code": -32603, "message": reason})
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


def _add_answer(exchange: Exchange, message: Message) -> Exchange:
    """Return the exchange with the client's answer to one of its questions."""
    key = exchange.pending[str(message.id)]
    pending = {question: name for question, name in exchange.pending.items() if question != message.id}
    answers, refused = dict(exchange.answers), dict(exchange.refused)
    if message.error is None:
        answers[key] = message.result
    else:
        refused[key] = str(message.error.get("message", "the client refused"))[:1000]
    return replace(exchange, pending=pending, answers=answers, refused=refused, version=exchange.version + 1)
