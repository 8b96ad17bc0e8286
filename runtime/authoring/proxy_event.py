"""The events of functions that were written for API Gateway."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from runtime.authoring.context import Context
from runtime.authoring.tool import ToolError

_IN_PATH = re.compile(r"\{(\w+)\+?\}")
_WITHOUT_BODY = {"DELETE", "GET", "HEAD"}
_LONGEST_BODY = 1000
_OK = range(200, 300)
_CLIENT_ERRORS = range(400, 500)


class ProxyEvent(msgspec.Struct, frozen=True):
    """Make a request of a REST API with a Lambda proxy integration (format 1.0) of each call, and read the response.

    ``path`` has arguments in braces: ``/orders/{order_id}``. The others become the query of GET, HEAD and DELETE, and
    the members of a JSON body of any other ``method``. With ``caller``, the function finds the user and the client in
    ``requestContext.authorizer``, as ``principalId`` and ``clientId``.
    """

    method: str
    path: str
    caller: bool = False

    def event(self, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Return the event of a call."""
        in_path = {name: _text(arguments[name]) for name in _IN_PATH.findall(self.path) if name in arguments}
        others = {name: value for name, value in arguments.items() if name not in in_path and value is not None}
        is_query = self.method in _WITHOUT_BODY
        query = {name: _texts(value) for name, value in others.items()} if is_query else {}
        query = {name: values for name, values in query.items() if values}
        path = _IN_PATH.sub(lambda found: quote(in_path.get(found[1], ""), safe=""), self.path)
        headers = {"Accept": "application/json"} | ({} if is_query else {"Content-Type": "application/json"})
        authorizer = {"principalId": context.subject, "clientId": context.client_id} if self.caller else {}
        return {
            "resource": self.path,
            "path": path,
            "httpMethod": self.method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": in_path or None,
            "stageVariables": None,
            "requestContext": {
                "authorizer": authorizer,
                "httpMethod": self.method,
                "identity": {},
                "path": path,
                "requestId": context.request_id,
                "resourcePath": self.path,
            },
            "body": None if is_query else json.dumps(others, ensure_ascii=False),
            "isBase64Encoded": False,
        }

    def result(self, answer: Any) -> Any:
        """Return what the body of a response holds: JSON, or else text. Raise ``ToolError`` for another status.

        What a function says with a 4xx is for its caller. What it says with a 5xx stays in its log.
        """
        try:
            status = int(answer["statusCode"])
            body = answer.get("body") or ""
            text = b64decode(body).decode() if answer.get("isBase64Encoded") else body
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ToolError("The function answered with something that is not a response to an HTTP request.") from None
        if status in _CLIENT_ERRORS and isinstance(text, str):
            raise ToolError(f"The function answered {status}: {text[:_LONGEST_BODY]}")
        if status not in _OK:
            raise ToolError(f"The function answered {status}.")
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, TypeError):
            return text


def _text(value: Any) -> str:
    """Return an argument as it stands in a URL."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _texts(value: Any) -> list[str]:
    return [_text(item) for item in value] if isinstance(value, list) else [_text(value)]
