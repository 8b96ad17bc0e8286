"""Runs the official suite's scenarios for authorization servers, and is the user whom they ask to log in."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import requests

from local.servers import bind_socket
from tests.conformance.result import Result
from tests.conformance.suite import SuiteFailed, command, findings
from tests.support.user_browser import User

SCENARIOS = ("authorization-server-metadata-endpoint", "authorization-code-grant")
TIMEOUT_SECONDS = 30


def run(issuer: str, revision: str, directory: Path) -> list[Result]:
    """Every scenario for authorization servers of a revision; the suite keeps its findings in ``directory``.

    Raises ``SuiteFailed`` when it says nothing of a scenario.
    """
    directory.mkdir()
    with bind_socket(0) as listener:
        port = listener.getsockname()[1]
    asked = ("--url", issuer, "--client-id", _register(issuer, port), "--resource", f"{issuer}/mcp")
    where = ("--port", str(port), "--spec-version", revision, "--output-dir", str(directory))
    said = list(_played(command("authorization", *asked, *where), issuer))
    if not any(directory.glob("*/checks.json")):
        raise SuiteFailed("\n".join(["the scenarios for authorization servers did not run:", *said[-20:]]))
    return [
        Result(scenario, revision, findings(directory, "authorization-server", scenario, said))
        for scenario in SCENARIOS
    ]


def _register(issuer: str, port: int) -> str:
    """The id of a client that is called back at the suite's own address."""
    metadata = {
        "client_name": "conformance",
        "redirect_uris": [f"http://127.0.0.1:{port}/callback"],
        "token_endpoint_auth_method": "none",
    }
    answer = requests.post(f"{issuer}/dcr", json=metadata, timeout=TIMEOUT_SECONDS)
    answer.raise_for_status()
    return str(answer.json()["client_id"])


def _played(arguments: list[str | Path], issuer: str) -> Iterator[str]:
    """What the suite says; when that is an authorization URL, alice opens it, approves, logs in, and is called back."""
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as suite:
        assert suite.stdout is not None
        try:
            for line in map(str.strip, suite.stdout):
                yield line
                if line.startswith(f"{issuer}/authorize?"):
                    user = User(issuer)
                    back = user.log_in(user.decide(user.open(line), "approve"))
                    requests.get(back.url, timeout=TIMEOUT_SECONDS).raise_for_status()
        finally:
            # It ends by itself when all went well, and waits for minutes for a user when something did not.
            suite.kill()
