"""``scripts/test-api.sh``, which operators run against a deployment, run here against the local one."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from local.program import ROOT
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server, bearer

SCRIPT = ROOT / "scripts" / "test-api.sh"
# Stands before curl on the PATH, and keeps what a list of processes shows of it, and what it received.
SPY = """#!/bin/sh
printf '%s\\n' "$*" >>"{directory}/arguments"
"{curl}" "$@"
status=$?
while [ $# -gt 1 ]; do
    [ "$1" != -o ] || {{ cat "$2" && echo; }} >>"{directory}/answers"
    shift
done
exit $status
"""


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AUTHORIZER_CACHE_SECONDS": str(AUTHORIZER_CACHE_SECONDS), **variables}
    return subprocess.run(
        [SCRIPT, *arguments], capture_output=True, text=True, timeout=120, env=environment, check=False
    )


@pytest.fixture
def spied(tmp_path: Path) -> Path:
    """Return a folder with a curl that keeps its arguments and answers there."""
    curl = tmp_path / "curl"
    curl.write_text(SPY.format(directory=tmp_path, curl=shutil.which("curl")))
    curl.chmod(0o755)
    return tmp_path


@pytest.fixture
def other_server() -> Iterator[str]:
    """Return the URL of a web server that is no MCP server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def secrets_of(answers: str) -> set[str]:
    """Return every secret that the server issued in its answers."""
    names = ("client_secret", "registration_access_token", "access_token")
    documents = [json.loads(line) for line in answers.splitlines() if line.strip()]
    return {document[name] for document in documents for name in names if name in document}


def test_every_step_passes_and_no_secret_is_shown(server: Server, spied: Path) -> None:
    done = run(f"{server.url}/mcp", PATH=f"{spied}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [line.split()[1].rstrip(":") for line in done.stdout.splitlines() if line.startswith("ok ")]
    assert {"challenge", "register", "token", "initialize", "tools/list", "tools/call", "resources/read"} <= set(steps)
    assert steps[-2:] == ["delete", "delete"]
    secrets = secrets_of((spied / "answers").read_text())
    assert len(secrets) == 3
    shown = done.stdout + done.stderr + (spied / "arguments").read_text()
    assert not [secret for secret in secrets if secret in shown]


def test_the_tool_that_the_caller_names_is_called_with_arguments(server: Server) -> None:
    done = run(server.url, TOOL="repeat", TOOL_ARGUMENTS='{"text": "a"}')
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok    tools/call: repeat runs" in done.stdout


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [("absent", "{}", "there is no tool absent"), ("repeat", "{}", ".result.content")],
)
def test_a_tool_that_is_not_there_or_fails_is_a_failure_and_its_client_is_deleted(
    tool: str, arguments: str, said: str, server: Server, spied: Path
) -> None:
    done = run(server.url, TOOL=tool, TOOL_ARGUMENTS=arguments, PATH=f"{spied}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert done.stderr.startswith("FAIL  tools/call")
    assert said in done.stderr
    answers = map(json.loads, filter(None, (spied / "answers").read_text().splitlines()))
    [client] = [answer for answer in answers if "registration_client_uri" in answer]
    path = client["registration_client_uri"].removeprefix(server.url)
    assert server.send("GET", path, headers=bearer(client["registration_access_token"])).status_code == 401
    assert "warning" not in done.stderr


def test_a_server_that_is_down_or_another_one_is_said_so(other_server: str) -> None:
    down = run("http://localhost:1")
    assert (down.returncode, down.stdout) == (1, "")
    assert down.stderr.startswith("FAIL  challenge: no answer")
    other = run(other_server)
    assert other.returncode == 1
    assert other.stderr == "FAIL  challenge: status 501 instead of 401 (no JSON)\n"


@pytest.mark.parametrize(
    "arguments", [(), ("https://a.example", "https://b.example"), ("http://mcp.example.com",), ("mcp.example.com",)]
)
def test_wrong_usage_sends_nothing(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "URL" in done.stderr


@pytest.mark.parametrize("missing", ["curl", "jq"])
def test_a_program_that_is_missing_is_named(missing: str, tmp_path: Path) -> None:
    for program in {"curl", "jq", "sh"} - {missing}:
        (tmp_path / program).symlink_to(str(shutil.which(program)))
    done = run("http://localhost:1", PATH=str(tmp_path))
    assert done.returncode == 2
    assert f"{missing} is needed" in done.stderr
