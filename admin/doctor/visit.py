"""One client on its way to the server: what it knows so far."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from admin.doctor.finding import Verdict
from admin.doctor.profile import LEGACY_OPENING, MODERN_REVISION, Profile
from admin.doctor.web import Answer, NoAnswer, Web, origin

BOTH_TYPES = "application/json, text/event-stream"
LATEST_LEGACY_REVISION = "2025-11-25"


@dataclass(slots=True)
class Visit:
    """What a client knows. ``metadata`` is that of the authorization server, ``resource`` the resource's own."""

    profile: Profile
    mcp_url: str
    web: Web
    verdict: Verdict
    challenge: Mapping[str, str] = field(default_factory=dict)
    resource: Mapping[str, Any] | None = None
    issuer: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    client_id: str = ""

    @property
    def origin(self) -> str:
        """The origin of the server."""
        return origin(self.mcp_url)

    @property
    def scope(self) -> str | None:
        """The scope that the client asks for (MCP 2025-11-25, Scope Selection Strategy)."""
        announced = self.metadata.get("scopes_supported") or []
        listed = (self.resource or {}).get("scopes_supported") or announced
        scope = self.challenge.get("scope") or " ".join(listed) or None
        if scope and self.profile.asks_for_offline_access and "offline_access" in announced:
            scope = " ".join(dict.fromkeys([*scope.split(), "offline_access"]))
        return scope

    @property
    def redirect_uri(self) -> str:
        """Where the client wants its user sent back to."""
        named = self.metadata.get("authorization_response_iss_parameter_supported") is True
        return (
            self.profile.redirect_uri
            if named
            else self.profile.redirect_uri_without_issuer or self.profile.redirect_uri
        )

    def headers(self, **more: str) -> dict[str, str]:
        """Return the headers of a request: those in ``more``, and the origin of a page."""
        page = {"Origin": self.profile.page} if self.profile.page else {}
        return {**page, **{name.replace("_", "-"): value for name, value in more.items()}}

    def get(self, url: str) -> Answer:
        """Return the answer at a place of a document. Raises ``NoAnswer`` if the client does not wait for it."""
        return self.wait_for(self.web.ask("GET", url, self.headers(Accept="application/json")))

    def wait_for(self, answer: Answer) -> Answer:
        """Return an answer. Raises ``NoAnswer`` if it came when the client had given up."""
        patience = self.profile.patience_seconds
        if patience is not None and answer.seconds > patience:
            raise NoAnswer(f"{answer.url}: no answer within {patience:g} seconds")
        return answer

    def is_hidden(self, answer: Answer) -> bool:
        """Whether the browser keeps an answer from a client that is a page (Fetch standard, CORS check)."""
        page = self.profile.page
        return page is not None and answer.headers.get("access-control-allow-origin") not in {"*", page}

    def opening(self, *, legacy: bool = False) -> tuple[bytes, dict[str, str]]:
        """Return the client's first message to ``/mcp`` and its headers."""
        common = self.headers(Content_Type="application/json", Accept=BOTH_TYPES)
        if legacy or self.profile.opening == LEGACY_OPENING:
            revision = LATEST_LEGACY_REVISION if legacy else self.profile.revision
            info = {"name": "doctor", "version": "1"}
            params = {"protocolVersion": revision, "capabilities": {}, "clientInfo": info}
            return _message(LEGACY_OPENING, params), common
        prefix = "io.modelcontextprotocol/"
        meta = {f"{prefix}protocolVersion": MODERN_REVISION, f"{prefix}clientCapabilities": {}}
        modern = {"MCP-Protocol-Version": MODERN_REVISION, "Mcp-Method": self.profile.opening}
        return _message(self.profile.opening, {"_meta": meta}), common | modern


def _message(method: str, params: Mapping[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
