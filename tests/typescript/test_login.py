"""The official TypeScript clients, given nothing but the MCP URL: they register, a user logs in, they call a tool."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import playwright
import pytest

from tests.support.local_stack import LocalStack
from tests.support.user_browser import User

HERE = Path(__file__).resolve().parent
# Playwright brings a Node of its own, so that of the machine may be any.
NODE = Path(playwright.__file__).parent / "driver" / "node"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a stack."""
    with LocalStack(tmp_path_factory.mktemp("typescript") / "stack") as stack:
        yield stack.outputs["url"]


def _log_in(package: str, era: str, url: str) -> dict[str, Any]:
    """What a tool says to the client of a package, once alice has logged in."""
    command: list[str | Path] = [NODE, HERE / "client.mjs", package, era, f"{url}/mcp"]
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


@pytest.mark.parametrize(("package", "era"), [("sdk", "legacy"), ("client", "legacy"), ("client", "2026-07-28")])
def test_a_typescript_client_ends_up_calling_a_tool_as_the_user(url: str, package: str, era: str) -> None:
    seen = _log_in(package, era, url)
    assert (seen["subject"], seen["protocol_version"]) == ("alice", "2025-11-25" if era == "legacy" else era)
