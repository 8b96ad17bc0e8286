"""What tests look at in an answer, and the requests they have in common."""

from typing import Any

import requests

from tests.e2e.conftest import Server

MACHINE = {"client_name": "end to end", "grant_types": ["client_credentials"]}
INTERACTIVE = {"redirect_uris": ["https://example.com/callback"]}
GRANT = {"grant_type": "client_credentials"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def credentials(client: dict[str, Any]) -> tuple[str, str]:
    """What a client authenticates with by HTTP Basic."""
    return client["client_id"], client["client_secret"]


def secret_in_body(client: dict[str, Any]) -> dict[str, str]:
    """RFC 6749 2.3.1: the same in the body."""
    return {"client_id": client["client_id"], "client_secret": client["client_secret"]}


def refusal(answer: requests.Response) -> tuple[int, str]:
    """The status and the error code of an answer."""
    return answer.status_code, answer.json()["error"]


def error_pointer(answer: requests.Response) -> str:
    """The JSON pointer that the description of an error begins with."""
    return str(answer.json()["error_description"].partition(": ")[0])


def varies(header: str) -> bool:
    """Whether a header is different in every answer, whatever is asked: when it was given, and API Gateway's ids."""
    return header == "date" or header.startswith(("x-amz", "apigw"))


def looks(answer: requests.Response) -> tuple[int, dict[str, str], bytes]:
    """Everything by which somebody could tell one answer from another."""
    headers = {name.lower(): value for name, value in answer.headers.items() if not varies(name.lower())}
    return answer.status_code, headers, answer.content


def management(server: Server, client: dict[str, Any]) -> str:
    """The path of a client's configuration endpoint."""
    return str(client["registration_client_uri"].removeprefix(server.url))
