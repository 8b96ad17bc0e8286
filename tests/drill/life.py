"""What a stack has issued, and whether it still counts: a machine client, and a client that a user signed in to."""

from dataclasses import dataclass, field
from typing import Any

from tests.e2e.conftest import Server
from tests.e2e.login.client import LoginClient
from tests.support.user_browser import User

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


class DrillFailed(Exception):
    """Something is not as the procedure promises. The text says what."""


@dataclass
class Life:
    """Two clients of a stack, a user with her browser, and the tokens that they hold."""

    server: Server
    user: User
    machine: dict[str, Any] = field(default_factory=dict)
    client: LoginClient | None = None
    tokens: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def begin(cls, server: Server) -> "Life":
        """Register both clients and sign the user in."""
        life = cls(server, User(server.url))
        life.machine = server.register()
        life.client = LoginClient.new(server)
        life.tokens = life.client.tokens(life.user.authorize(life.client.url())["code"])
        return life

    def check_clients(self) -> None:
        """The machine client authenticates with its secret. Raise ``AssertionError`` if it cannot."""
        self.server.token(self.machine)

    def refresh(self) -> None:
        """Use the refresh token of the user, and keep what it returns."""
        answer = self._client.refresh(self.tokens["refresh_token"])
        expect(answer.status_code == 200, f"the refresh token got {answer.status_code}: {answer.text}")
        self.tokens = dict(answer.json())
        who = self._client.whoami(self.tokens["access_token"])["subject"]
        expect(who == "alice", f"the new access token is one of {who}")

    def check_consent(self) -> None:
        """The user is still signed in and has still approved the client, so she is not asked again."""
        page = self.user.open(self._client.url())
        expect(not page.asks_for_consent, "the user is asked again for a consent that she gave")

    def status_of(self, access_token: str) -> int:
        """Return what the MCP endpoint answers to a token. It keeps its verdict on one for a while."""
        return self.server.rpc(access_token, PING).status_code

    @property
    def _client(self) -> LoginClient:
        if self.client is None:
            raise DrillFailed("no client was registered")
        return self.client


def is_unknown(server: Server, machine: dict[str, Any]) -> bool:
    """Return whether the server refuses a client that it does not know (RFC 6749 5.2)."""
    credentials = (machine["client_id"], machine["client_secret"])
    answer = server.send("POST", "/token", data={"grant_type": "client_credentials"}, auth=credentials)
    return bool(answer.status_code == 401 and answer.json()["error"] == "invalid_client")


def expect(true: bool, otherwise: str) -> None:
    """Raise ``DrillFailed`` with the reason unless it is true."""
    if not true:
        raise DrillFailed(otherwise)
