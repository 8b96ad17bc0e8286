"""A local stack of its own for the end-to-end tests, on a free port, and the clients that use it."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from local import stack
from local.aws import Aws
from tests.fuzz.document import check

# Short, so that what a cached answer hides shows within a test; long enough to see that it is cached.
AUTHORIZER_CACHE_SECONDS = 2
# Long enough for requests at the same moment on a small machine.
REFRESH_TOKEN_GRACE_SECONDS = 20
TIMEOUT = 30
# What API Gateway makes of the WWW-Authenticate of a function.
RENAMED_CHALLENGE = "x-amzn-Remapped-WWW-Authenticate"


@dataclass(frozen=True)
class Server:
    """A running deployment."""

    url: str
    directory: Path

    def send(self, method: str, path: str, **parts: Any) -> requests.Response:
        """One HTTP request; ``path`` is below the public URL. Its answer must be described in schemas/openapi.yaml."""
        answer = requests.request(method, self.url + path, timeout=TIMEOUT, allow_redirects=False, **parts)
        check(method, path, answer)
        return answer

    @property
    def client_of(self) -> Callable[[str], Any]:
        """What returns a boto3 client of the emulator, with all permissions, for a service."""
        state = stack.find_running(self.directory)
        return Aws(state.emulator_port, state.region).client

    def register(self, **metadata: Any) -> dict[str, Any]:
        """A newly registered machine client."""
        asked = {"client_name": "end to end", "grant_types": ["client_credentials"], **metadata}
        answer = self.send("POST", "/dcr", json=asked)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def token(self, client: dict[str, Any], **parameters: str) -> str:
        """An access token of a client."""
        credentials = (client["client_id"], client["client_secret"])
        answer = self.send("POST", "/token", data={"grant_type": "client_credentials", **parameters}, auth=credentials)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def rpc(self, token: str | None, message: Any, **headers: str) -> requests.Response:
        """One POST to the MCP endpoint."""
        sent = {"Accept": "application/json, text/event-stream", **headers}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return self.send("POST", "/mcp", json=message, headers=sent)


def run_stack(directory: Path, **config: str) -> Iterator[Server]:
    """Start a stack, yield it, and stop it."""
    # All tests register and log in from one address.
    many = {"registrationsPerHour": "1000000", "authorizationsPerMinute": "1000000"}
    short = {
        "authorizerCacheSeconds": str(AUTHORIZER_CACHE_SECONDS),
        "refreshTokenGraceSeconds": str(REFRESH_TOKEN_GRACE_SECONDS),
    }
    state = stack.up(directory, 0, many | short | config)
    try:
        yield Server(state.outputs["url"], directory)
    finally:
        stack.down(directory)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A stack behind the default edge."""
    yield from run_stack(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A stack without an edge: its URL is that of the stage."""
    yield from run_stack(tmp_path_factory.mktemp("bare"), edge="none")


@pytest.fixture(scope="session")
def token(server: Server) -> str:
    return server.token(server.register())


def bearer(token: str) -> dict[str, str]:
    """The header of RFC 6750 2.1."""
    return {"Authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic authentication."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
