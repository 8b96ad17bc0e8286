"""What comes after a login: the token and ``/mcp``. A machine client stands in for the user, if the server lets it."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from admin.doctor.finding import Fault, Stopped
from admin.doctor.identity import CREATED, Registrations
from admin.doctor.profile import LEGACY_OPENING
from admin.doctor.table import ask_for_a_task
from admin.doctor.visit import Visit
from admin.doctor.web import Answer, Web

GRANT = "client_credentials"
BASIC = "client_secret_basic"
MACHINE = {"client_name": "doctor", "grant_types": [GRANT], "token_endpoint_auth_method": BASIC}
UNCHECKED = "token and /mcp"
OK, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, METHOD_NOT_ALLOWED = 200, 400, 401, 403, 405


class Unavailable(Exception):
    """There is no machine client, for a reason that the message gives."""


class Machine:
    """One machine client for all visits, registered when the first visit needs it.

    ``initial_token`` is an initial access token (RFC 7591 3) or ``None``.
    """

    def __init__(self, web: Web, registrations: Registrations, initial_token: str | None) -> None:
        self._web = web
        self._registrations = registrations
        self._invitation = {"Authorization": f"Bearer {initial_token}"} if initial_token else {}
        self._token: str | None = None

    def token(self, metadata: Mapping[str, Any], resource: str) -> str:
        """Return an access token. Raises ``Unavailable`` where machines cannot have one, and ``Stopped``."""
        if self._token is None:
            self._token = self._get_token(metadata, resource, self._register(metadata))
        return self._token

    def _register(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        endpoint = metadata.get("registration_endpoint")
        if not endpoint or GRANT not in metadata.get("grant_types_supported", []):
            raise Unavailable("the server lets no machine client register")
        answer = self._registrations.register(endpoint, MACHINE, self._invitation)
        if answer.status in {UNAUTHORIZED, FORBIDDEN}:
            raise Unavailable("a machine client needs an initial access token here")
        client = answer.json() or {}
        if answer.status not in CREATED or not client.get("client_secret"):
            raise Unavailable(f"a machine client could not register ({answer.status})")
        return client

    def _get_token(self, metadata: Mapping[str, Any], resource: str, client: Mapping[str, Any]) -> str:
        pair = f"{quote(client['client_id'], safe='')}:{quote(client['client_secret'], safe='')}"
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = urlencode({"grant_type": GRANT, "resource": resource}).encode()
        answer = self._web.send("POST", metadata["token_endpoint"], headers, form)
        said = answer.json() or {}
        token = said.get("access_token")
        if answer.status != OK or not isinstance(token, str):
            seen = f"POST {answer.url}: {answer.status} {said.get('error', '')}".rstrip()
            raise Stopped(seen, Fault.FAILURE, "Look at the log of the oauth function.")
        return token


def use_the_server(visit: Visit, machine: Machine) -> None:
    """Send the client's first message with a token, and open the stream that older clients open."""
    try:
        token = machine.token(visit.metadata, visit.mcp_url)
    except Unavailable as error:
        visit.verdict.unchecked.append(f"{UNCHECKED} ({error})")
        return
    authorization = {"Authorization": f"Bearer {token}"}
    is_legacy = visit.profile.opening == LEGACY_OPENING
    answer = _open(visit, authorization, legacy=is_legacy)
    if not is_legacy and _is_error(answer):
        answer = _open(visit, authorization, legacy=True)
    _check_opening(visit, answer)
    ask_for_a_task(visit, authorization)
    if visit.profile.needs_405:
        _check_stream(visit, authorization)
    visit.verdict.steps += ["token", "/mcp"]


def _open(visit: Visit, authorization: Mapping[str, str], *, legacy: bool) -> Answer:
    body, headers = visit.opening(legacy=legacy)
    return visit.web.ask("POST", visit.mcp_url, {**headers, **authorization}, body)


def _is_error(answer: Answer) -> bool:
    """Whether a server that does not know the revision said so: with a JSON-RPC error, as a 200 or a 400."""
    return answer.status in {OK, BAD_REQUEST} and "error" in _rpc(answer)


def _check_opening(visit: Visit, answer: Answer) -> None:
    if answer.status == OK and "result" in _rpc(answer) and not visit.is_hidden(answer):
        return
    seen = f"POST /mcp with a token: {answer.status}"
    if answer.status == FORBIDDEN and visit.profile.page:
        raise Stopped(seen, Fault.SERVER, f"Add {visit.profile.page} to allowedOrigins.")
    if answer.status == OK:
        seen += " without a result that the client can read"
    raise Stopped(seen, Fault.FAILURE, "Look at the logs of the authorizer and of the mcp function.")


def _check_stream(visit: Visit, authorization: Mapping[str, str]) -> None:
    headers = visit.headers(Accept="text/event-stream", MCP_Protocol_Version=visit.profile.revision)
    answer = visit.web.send("GET", visit.mcp_url, {**headers, **authorization}, to_the_end=False)
    is_stream = answer.status == OK and "text/event-stream" in answer.headers.get("content-type", "")
    if answer.status != METHOD_NOT_ALLOWED and not is_stream:
        seen = f"GET /mcp with a token: {answer.status} instead of 405"
        raise Stopped(seen, Fault.EDGE, "Let whatever stands in front of the server pass the 405 unchanged.")


def _rpc(answer: Answer) -> Mapping[str, Any]:
    """Return the JSON-RPC message in an answer, also from a stream; an empty one if there is none."""
    if "text/event-stream" not in answer.headers.get("content-type", ""):
        return answer.json() or {}
    lines = answer.body.decode(errors="replace").splitlines()
    data = "".join(line.removeprefix("data:") for line in lines if line.startswith("data:"))
    try:
        message = json.loads(data)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
