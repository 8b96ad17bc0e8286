"""The doctor looks at the local stack, behind its usual edge and without one."""

import json
import subprocess
import sys
from typing import Any

from local.program import ROOT
from tests.e2e.conftest import Server


def examine(url: str) -> tuple[int, dict[str, Any]]:
    """Run the command, and return its exit status and the verdicts by client."""
    command = [sys.executable, "-m", "admin", "doctor", url, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    document = json.loads(done.stdout)
    assert document["left"] == []
    return done.returncode, {client["client"]: client for client in document["clients"]}


def red(clients: dict[str, Any]) -> set[str]:
    return {name for name, client in clients.items() if not client["passed"]}


def test_behind_the_usual_edge_every_client_passes(feature_server: Server) -> None:
    status, clients = examine(f"{feature_server.url}/mcp")
    assert (status, red(clients)) == (0, set())
    assert all(client["steps"][-1] == "/mcp" for client in clients.values())


def test_without_an_edge_the_clients_that_need_the_root_of_the_host_are_told_what_to_do(bare_server: Server) -> None:
    status, clients = examine(f"{bare_server.url}/mcp")
    assert (status, red(clients)) == (1, {"Claude", "Claude Code"})
    for name in red(clients):
        assert "403" in clients[name]["seen"]
        assert clients[name]["fault"] == "what stands in front of the server"
        assert clients[name]["advice"] == "Serve the server at the root of a host: set edge to cloudfront or domain."
