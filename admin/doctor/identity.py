"""How a client gets its id: a document of its own, or a registration (RFC 7591), which is deleted again (RFC 7592)."""

import json
from collections.abc import Mapping
from typing import Any

from admin.doctor.finding import Fault, Stopped
from admin.doctor.profile import PUBLIC
from admin.doctor.visit import Visit
from admin.doctor.web import Answer, NoAnswer, Web

CREATED = frozenset({200, 201})
# RFC 7592 2.3: 204. A client that is gone is deleted too.
DELETED = frozenset({204, 401, 404})
CLOSED = "Set registration to open, or give the users of this client an id to enter, if it lets them."
UNINVITED = "registration is token: give the users of this client an id to enter, or set it to open."
REDIRECT = "Allow its redirect URI: see privateUseSchemes and maxRedirectUris."


class Registrations:
    """The clients that the doctor registered. Equal registrations are made once."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._made: dict[str, Answer] = {}
        self._clients: list[Mapping[str, Any]] = []

    @property
    def count(self) -> int:
        """How many clients were registered."""
        return len(self._clients)

    def register(self, endpoint: str, metadata: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Register a client, and return the answer. Raises ``NoAnswer`` and ``Stopped``."""
        body = json.dumps(metadata)
        if body not in self._made:
            answer = self._web.send("POST", endpoint, {"Content-Type": "application/json", **headers}, body.encode())
            self._made[body] = answer
            if answer.status in CREATED:
                self._clients.append(answer.json() or {})
        return self._made[body]

    def delete_all(self) -> list[str]:
        """Delete every client, and return the ids of those that are left."""
        return [str(client.get("client_id")) for client in self._clients if not self._delete(client)]

    def _delete(self, client: Mapping[str, Any]) -> bool:
        headers = {"Authorization": f"Bearer {client.get('registration_access_token')}"}
        try:
            answer = self._web.send("DELETE", str(client.get("registration_client_uri")), headers)
        except (NoAnswer, Stopped):
            return False
        return answer.status in DELETED


def identify(visit: Visit, registrations: Registrations) -> None:
    """Use the client's document if the server supports documents, or register the client."""
    profile, metadata = visit.profile, visit.metadata
    methods = metadata.get("token_endpoint_auth_methods_supported") or []
    supported = metadata.get("client_id_metadata_document_supported") is True
    if profile.document and supported and (PUBLIC in methods or not profile.document_needs_none):
        visit.client_id = profile.document
        visit.verdict.steps.append("client metadata document")
        return
    endpoint = metadata.get("registration_endpoint")
    if not endpoint:
        raise Stopped(
            "the server metadata has no registration_endpoint: the client cannot register", Fault.SERVER, CLOSED
        )
    asked = dict(profile.registration)
    asked.setdefault("redirect_uris", [visit.redirect_uri])
    if profile.registers_scope and visit.scope:
        asked["scope"] = visit.scope
    answer = visit.wait_for(registrations.register(endpoint, asked, visit.headers()))
    registered = answer.json() or {}
    if answer.status not in CREATED or not registered.get("client_id"):
        raise _explain_refusal(answer, registered)
    visit.client_id = registered["client_id"]
    visit.verdict.steps.append("registration")


def _explain_refusal(answer: Answer, said: Mapping[str, Any]) -> Stopped:
    error = str(said.get("error", "no error code"))
    seen = f"registration refused: {answer.status} {error} {said.get('error_description', '')}"[:300].rstrip()
    if answer.status >= 500:  # noqa: PLR2004
        return Stopped(seen, Fault.FAILURE, "Look at the log of the oauth function.")
    if answer.status == 401:  # noqa: PLR2004
        return Stopped(seen, Fault.SERVER, UNINVITED)
    return Stopped(seen, Fault.SERVER, REDIRECT if error == "invalid_redirect_uri" else CLOSED)
