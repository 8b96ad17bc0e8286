"""The local stacks that the end-to-end tests share, and the clients that use them."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from local import stack
from local.aws import Aws
from tests.fuzz.document import check
from tests.support.shared_stacks import share

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


# All tests register and log in from one address.
MANY = {"registrationsPerHour": "1000000", "authorizationsPerMinute": "1000000"}
SHORT = {
    "authorizerCacheSeconds": str(AUTHORIZER_CACHE_SECONDS),
    "refreshTokenGraceSeconds": str(REFRESH_TOKEN_GRACE_SECONDS),
}
# The documents of real clients are on the internet, which the doctor does not need.
NO_DOCUMENTS = {"clientIdMetadataDocuments": "[]"}
SCOPES = {
    "mcp": "Use the server",
    "notes:read": "Read notes",
    "notes:write": "Write notes",
    "notes:admin": "Do everything with notes",
}
FEATURES = {
    "appModule": "tests.e2e.app",
    "scopes": json.dumps(SCOPES),
    "scopeImplies": json.dumps({"notes:admin": ["notes:write"], "notes:write": ["notes:read"]}),
    "baseScope": "mcp",
    "machineScopes": json.dumps(list(SCOPES)),
}


def _server(name: str, config: Mapping[str, str]) -> Server:
    stack = share(name, config)
    return Server(stack.outputs["url"], stack.directory)


@pytest.fixture(scope="session")
def server() -> Server:
    """A stack behind the default edge."""
    return _server("default", MANY | SHORT)


@pytest.fixture(scope="session")
def bare_server() -> Server:
    """A stack without an edge: its URL is that of the stage."""
    return _server("bare", MANY | SHORT | NO_DOCUMENTS | {"edge": "none"})


@pytest.fixture(scope="session")
def feature_server() -> Server:
    """A stack whose app has everything that an app can have: scopes, tasks, questions, resources, prompts."""
    return _server("features", MANY | NO_DOCUMENTS | FEATURES)


@pytest.fixture(scope="session")
def token(server: Server) -> str:
    return server.token(server.register())


def bearer(token: str) -> dict[str, str]:
    """The header of RFC 6750 2.1."""
    return {"Authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> dict[str, str]:
    """The header of HTTP Basic authentication."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
