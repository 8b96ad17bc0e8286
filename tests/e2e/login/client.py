"""A client that a user logs in to: what it asks for, and what it does with the answer."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests

from runtime.oauth import pkce
from tests.e2e.conftest import Server

VERIFIER = "v" * 43
WEBSITE = "https://app.example.com/callback"
STATE = "a state/with + and &"
WHOAMI = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "whoami"}}
METADATA = {
    "client_name": "An editor",
    "redirect_uris": [WEBSITE],
    "grant_types": ["authorization_code", "refresh_token"],
    "token_endpoint_auth_method": "none",
}


@dataclass(frozen=True)
class LoginClient:
    """One registered client; without a secret a public one."""

    server: Server
    registered: dict[str, Any]

    @classmethod
    def new(cls, server: Server, **changes: Any) -> "LoginClient":
        return cls(server, server.register(**METADATA | changes))

    @property
    def client_id(self) -> str:
        return str(self.registered["client_id"])

    def asking(self, **changes: str | None) -> dict[str, str]:
        """The parameters of an authorization request; one that is ``None`` is left out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.registered["redirect_uris"][0],
            "code_challenge": pkce.challenge(VERIFIER),
            "code_challenge_method": "S256",
            "state": STATE,
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def url(self, **changes: str | None) -> str:
        """An authorization URL."""
        return f"{self.server.url}/authorize?{urlencode(self.asking(**changes))}"

    def post(self, path: str, **parameters: str | None) -> requests.Response:
        """A request of this client; a parameter that is ``None`` is left out."""
        form = {name: value for name, value in parameters.items() if value is not None}
        if "client_secret" in self.registered:
            return self.server.send("POST", path, data=form, auth=(self.client_id, self.registered["client_secret"]))
        return self.server.send("POST", path, data={"client_id": self.client_id, **form})

    def push(self, **changes: str | None) -> requests.Response:
        """A pushed authorization request (RFC 9126 2.1)."""
        return self.post("/par", **self.asking(**changes))

    def redeem(self, code: str, **changes: str | None) -> requests.Response:
        asked = {"code": code, "code_verifier": VERIFIER, "redirect_uri": self.registered["redirect_uris"][0]}
        return self.post("/token", **{"grant_type": "authorization_code", **asked, **changes})

    def refresh(self, refresh_token: str) -> requests.Response:
        return self.post("/token", grant_type="refresh_token", refresh_token=refresh_token)

    def tokens(self, code: str) -> dict[str, Any]:
        """What a code is worth."""
        answer = self.redeem(code)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def whoami(self, access_token: str) -> dict[str, Any]:
        """What a tool is told of who calls it."""
        answer = self.server.rpc(access_token, WHOAMI)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["result"]["structuredContent"])

    def works(self, access_token: str) -> bool:
        """Whether the MCP endpoint takes a token."""
        return self.server.rpc(access_token, WHOAMI).status_code == 200
