"""The official TypeScript clients, given nothing but the MCP URL: they register, a user logs in, they call a tool."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import playwright
import pytest

from tests.support.local_stack import LocalStack
from tests.support.token_lifetime import access_tokens_of
from tests.support.user_browser import User

HERE = Path(__file__).resolve().parent
# Playwright brings a Node of its own, so that of the machine may be any.
NODE = Path(playwright.__file__).parent / "driver" / "node"
LIFETIME_SECONDS = 4
PACKAGES = pytest.mark.parametrize(
    ("package", "era"), [("sdk", "legacy"), ("client", "legacy"), ("client", "2026-07-28")]
)


@pytest.fixture(scope="module", params=["cloudfront", "none"])
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack behind an edge, and one without: there the issuer has a path."""
    # Shorter than an access token, which ends within a test.
    config = {"edge": request.param, "authorizerCacheSeconds": "2"}
    with LocalStack(tmp_path_factory.mktemp("typescript") / "stack", config=config) as running:
        yield running


def _log_in(package: str, era: str, url: str, tokens: int = 1) -> dict[str, Any]:
    """What a tool says to the client of a package, once alice has logged in and it has had so many access tokens."""
    command: list[str | Path] = [NODE, HERE / "client.mjs", package, era, f"{url}/mcp", str(tokens)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as client:
        assert client.stdin
        assert client.stdout
        assert client.stderr
        said = client.stdout.readline()
        assert said, client.stderr.read()
        answer = User(url).authorize(json.loads(said)["open"])
        client.stdin.write(json.dumps(answer) + "\n")
        client.stdin.flush()
        said = client.stdout.readline()
        assert said, client.stderr.read()
        return dict(json.loads(said)["whoami"])


@PACKAGES
def test_a_typescript_client_ends_up_calling_a_tool_as_the_user(stack: LocalStack, package: str, era: str) -> None:
    seen = _log_in(package, era, stack.outputs["url"])
    assert (seen["subject"], seen["protocol_version"]) == ("alice", "2025-11-25" if era == "legacy" else era)


@PACKAGES
def test_a_typescript_client_lives_through_the_end_of_its_token(stack: LocalStack, package: str, era: str) -> None:
    """It refreshes only after a 401, which must come from API Gateway: there it finds the challenge."""
    with access_tokens_of(LIFETIME_SECONDS, stack.client("lambda")):
        assert _log_in(package, era, stack.outputs["url"], tokens=3)["subject"] == "alice"
