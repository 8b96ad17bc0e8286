"""What answers while the app cannot be imported: each request gets the error, and where it is."""

import json
from collections.abc import Mapping
from typing import Any

from runtime.http.dispatch import CORS
from runtime.testing.endpoint import Answer, Identity


class BrokenEndpoint:
    """An endpoint that answers every request with one error."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def send(
        self, method: str, _headers: Mapping[str, str], body: str, _identity: Identity, _request_id: str
    ) -> Answer:
        """Return the JSON-RPC error to a request, with status 200: clients take another one for a broken connection."""
        if method != "POST":
            return Answer(405, {**CORS, "Allow": "POST"}, "")
        message_id = _id_of(body)
        if message_id is None:
            return Answer(202, CORS, "")
        error = {"code": -32603, "message": f"the app cannot be imported: {self._reason}"}
        answer = {"jsonrpc": "2.0", "id": message_id, "error": error}
        return Answer(200, {**CORS, "Content-Type": "application/json"}, json.dumps(answer))


def _id_of(body: str) -> Any:
    try:
        message = json.loads(body)
    except ValueError:
        return None
    return message.get("id") if isinstance(message, dict) else None
