"""Calls of the tools of a running stack, as a machine client that registers for it."""

import json
from typing import Any
from urllib.parse import urlencode

import urllib3

from local.errors import LocalError
from local.state import State

OK, CREATED = 200, 201
TIMEOUT_SECONDS = 60
ACCEPTED = "application/json, text/event-stream"


class Caller:
    """A machine client with an access token. Registering it raises LocalError if the stack lets none register.

    ``scope`` has the scopes to ask for, separated by spaces; without it, the client gets what the stack gives to all.
    """

    def __init__(self, state: State, scope: str | None = None) -> None:
        self._url = str(state.outputs["mcp_url"])
        asked = {"client_name": "python -m local", "grant_types": ["client_credentials"]}
        asked |= {"scope": scope} if scope else {}
        client = _send(CREATED, state.outputs["registration_url"], json=asked)
        headers = urllib3.make_headers(basic_auth=f"{client['client_id']}:{client['client_secret']}")
        token = _send(
            OK,
            f"{state.outputs['issuer']}/token",
            body=urlencode({"grant_type": "client_credentials", "resource": self._url}),
            headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
        )
        self._headers = {"Authorization": f"Bearer {token['access_token']}", "Accept": ACCEPTED}

    def list_tools(self) -> list[dict[str, Any]]:
        """Return all tools as ``tools/list`` lists them. Raise LocalError."""
        tools: list[dict[str, Any]] = []
        params: dict[str, Any] = {}
        while True:
            page = self._ask("tools/list", params)
            tools += page["tools"]
            if "nextCursor" not in page:
                return tools
            params = {"cursor": page["nextCursor"]}

    def call_tool(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the result of ``tools/call``. Raise LocalError for an error that is no result of the tool."""
        return self._ask("tools/call", {"name": name, "arguments": arguments})

    def _ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = _send(OK, self._url, json=message, headers=self._headers)
        if "error" in answer:
            raise LocalError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])


def text_of(result: dict[str, Any]) -> str:
    """Return the result of a tool for a terminal: its structured content, or else its text."""
    if "structuredContent" in result:
        return json.dumps(result["structuredContent"], indent=2, ensure_ascii=False)
    blocks = [block["text"] if block["type"] == "text" else json.dumps(block) for block in result["content"]]
    return "\n".join(blocks)


def sample(schema: dict[str, Any]) -> Any:
    """Return a value that shows what a schema wants: its example, its default or its first choice, or any of its type.

    Of an object, these are the required members, and those with an example.
    """
    stated = [*schema.get("examples", []), *schema.get("enum", [])]
    stated += [schema[keyword] for keyword in ("default", "const") if keyword in schema]
    if stated:
        return stated[0]
    if schema.get("type") == "object":
        required = schema.get("required", ())
        members = schema.get("properties", {}).items()
        return {name: sample(rule) for name, rule in members if name in required or "examples" in rule}
    return {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": True, "array": []}.get(
        schema.get("type", ""), "..."
    )


def _send(status: int, url: str, **request: Any) -> dict[str, Any]:
    """Send a POST, and return the object in an answer with this status. Raise LocalError for another one."""
    try:
        answer = urllib3.request("POST", url, retries=False, timeout=TIMEOUT_SECONDS, **request)
    except urllib3.exceptions.HTTPError as error:
        raise LocalError(f"{url} does not answer: {error}") from error
    text = answer.data.decode(errors="replace")
    if answer.status != status:
        raise LocalError(f"{url} answers {answer.status}: {text or 'nothing'}")
    if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
        # The response is the last message of the stream, after the notifications.
        text = [line for line in text.splitlines() if line.startswith("data:")][-1].removeprefix("data:")
    return dict(json.loads(text))
