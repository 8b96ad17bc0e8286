"""How a client of either era speaks with the server."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Protocol

from runtime.authoring.json_values import json_text
from runtime.mcp.revisions import MODERN, PREFIX
from runtime.mcp.session import HEADER
from runtime.testing.answers import Asked, Refusal, describe
from runtime.testing.endpoint import Answer, Endpoint, Identity
from runtime.testing.errors import RequestError, UnusableAnswer
from runtime.testing.notes import Notes

BOTH: Final = "application/json, text/event-stream"
PROGRESS: Final = {"progressToken": "progress"}
INFO: Final = {"name": "runtime.testing", "version": "1"}


class Profile(NamedTuple):
    """What a client says about itself. ``log_level`` is the lowest level that it wants, ``None`` for no messages."""

    revision: str
    capabilities: Mapping[str, Any]
    log_level: str | None


class Conversation(Protocol):
    """Sends requests and returns their results."""

    def request(self, method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
        """Send a request, answer its questions, and return its result. Raise ``RequestError``."""


def converse(endpoint: Endpoint, identity: Identity, profile: Profile, notes: Notes) -> Conversation:
    """Return a conversation in the era of the profile's revision."""
    line = _Line(endpoint, identity, profile.revision)
    return _Modern(line, profile, notes) if profile.revision == MODERN else _Legacy(line, profile, notes)


class _Line:
    """Sends HTTP messages to the endpoint, numbered, and reads what comes back."""

    def __init__(self, endpoint: Endpoint, identity: Identity, revision: str) -> None:
        self.endpoint = endpoint
        self._identity = identity
        self._headers = {"Accept": BOTH, "MCP-Protocol-Version": revision}
        self._sent = 0

    def post(self, message: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Send one message. Raise ``NotJson`` for one that JSON cannot carry."""
        return self.send("POST", {"Content-Type": "application/json", **headers}, json_text(message))

    def send(self, method: str, headers: Mapping[str, str], body: str = "") -> Answer:
        self._sent += 1
        request_id = f"request-{self._sent}"
        return self.endpoint.send(method, {**self._headers, **headers}, body, self._identity, request_id)


class _Modern:
    """2026-07-28: every request says everything. A result may ask, and the request is then sent again."""

    def __init__(self, line: _Line, profile: Profile, notes: Notes) -> None:
        self._line = line
        self._notes = notes
        self._meta: dict[str, Any] = {
            f"{PREFIX}protocolVersion": MODERN,
            f"{PREFIX}clientInfo": INFO,
            f"{PREFIX}clientCapabilities": profile.capabilities,
            **({f"{PREFIX}logLevel": profile.log_level} if profile.log_level else {}),
            **PROGRESS,
        }

    def request(self, method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
        """Send a request, answer its questions, and return its result. Raise ``RequestError``."""
        given: dict[str, Any] = {}
        carried: dict[str, Any] = {}
        while True:
            message = {"id": "1", "method": method, "params": {**params, **carried, "_meta": self._meta}}
            answer = self._line.post({"jsonrpc": "2.0", **message}, {"Mcp-Method": method, **headers})
            *notifications, response = messages_of(answer)
            for notification in notifications:
                self._notes.take(notification)
            result = result_of(response)
            if result.get("resultType") != "input_required":
                return result
            carried = {"requestState": result["requestState"]}
            if asked := result.get("inputRequests"):
                questions = [Asked(key, question["method"], question["params"]) for key, question in asked.items()]
                carried["inputResponses"] = {question.key: self._answer(question, given) for question in questions}

    def _answer(self, asked: Asked, given: dict[str, Any]) -> Any:
        answer = self._notes.answer(asked, given)
        if isinstance(answer, Refusal):
            raise UnusableAnswer(f"a client of {MODERN} has no error for {describe(asked)}; use 'decline' or 'cancel'")
        return answer


class _Legacy:
    """``initialize`` first. A question arrives on a stream that ends after it, and is resumed after the answer."""

    def __init__(self, line: _Line, profile: Profile, notes: Notes) -> None:
        self._line = line
        self._notes = notes
        hello = {"protocolVersion": profile.revision, "capabilities": profile.capabilities, "clientInfo": INFO}
        answer = line.post({"jsonrpc": "2.0", "id": "0", "method": "initialize", "params": hello}, {})
        result_of(messages_of(answer)[-1])
        self._session = {HEADER: answer.headers[HEADER]}
        line.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, self._session)
        if profile.log_level:
            self.request("logging/setLevel", {"level": profile.log_level}, {})

    def request(self, method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
        """Send a request, answer its questions, and return its result. Raise ``RequestError``."""
        message = {"jsonrpc": "2.0", "id": "1", "method": method, "params": {**params, "_meta": PROGRESS}}
        answer = self._line.post(message, {**headers, **self._session})
        given: dict[str, Any] = {}
        while True:
            for received in messages_of(answer):
                if "method" not in received:
                    return result_of(received)
                if "id" in received:
                    self._answer(received, given)
                else:
                    self._notes.take(received)
            last_event_id = [event["id"] for event in events_of(answer.body) if "id" in event][-1]
            answer = self._line.send("GET", {**self._session, "Last-Event-ID": last_event_id})

    def _answer(self, question: Mapping[str, Any], given: dict[str, Any]) -> None:
        # The wire has the id of the question; the key by which a test knows it is in the store.
        key = self._line.endpoint.key_of_question(question["id"])
        answer = self._notes.answer(Asked(key, question["method"], question["params"]), given)
        outcome = (
            {"error": {"code": -1, "message": answer.message}} if isinstance(answer, Refusal) else {"result": answer}
        )
        delivered = self._line.post({"jsonrpc": "2.0", "id": question["id"], **outcome}, self._session)
        if delivered.body:
            result_of(json.loads(delivered.body))


def messages_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the JSON-RPC messages of a response."""
    if answer.headers.get("Content-Type") != "text/event-stream":
        return [json.loads(answer.body)]
    return [json.loads(event["data"]) for event in events_of(answer.body) if event.get("data")]


def events_of(stream: str) -> Iterator[dict[str, str]]:
    """Yield the events of a stream by their fields (WHATWG HTML 9.2)."""
    for block in stream.strip().split("\n\n"):
        yield dict(line.partition(": ")[::2] for line in block.split("\n"))


def result_of(response: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a response. Raise ``RequestError`` for an error."""
    error = response.get("error")
    if error is None:
        return dict(response["result"])
    raise RequestError(error["code"], error["message"], error.get("data"))
