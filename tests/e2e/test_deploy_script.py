"""``scripts/deploy.sh`` after ``pulumi up``: it waits for the server, and says what clients meet there.

A stand-in for the Pulumi CLI tells the outputs of a local stack; `make engine` runs the script with the real one.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from local.program import ROOT
from local.stack import find_running
from tests.e2e.conftest import Server

SCRIPT = ROOT / "scripts" / "deploy.sh"
PULUMI = """#!/bin/sh
case "$1 $2" in
"up --stack") exit {status} ;;
"stack output") [ -e "{outputs}/$3" ] && cat "{outputs}/$3" ;;
"config get") [ "$3" = aws:region ] && echo eu-central-1 ;;
esac
"""


class Machine:
    """A machine whose Pulumi CLI knows one stack."""

    def __init__(self, directory: Path, emulator: Mapping[str, str]) -> None:
        self.directory = directory
        self.emulator = emulator

    def deploy(self, outputs: Mapping[str, Any], status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the script where the stack has ``outputs`` and ``pulumi up`` ends with ``status``."""
        program = self.directory / "pulumi"
        program.write_text(PULUMI.format(status=status, outputs=self.directory))
        program.chmod(0o755)
        for name, value in outputs.items():
            (self.directory / name).write_text(value if isinstance(value, str) else json.dumps(value))
        path = f"{self.directory}:{os.environ['PATH']}"
        environment = {**os.environ, **self.emulator, "PATH": path, "PAUSE_SECONDS": "0", **variables}
        return subprocess.run(
            [SCRIPT, "dev"], env=environment, capture_output=True, text=True, timeout=180, check=False
        )


@pytest.fixture
def machine(tmp_path: Path, feature_server: Server) -> Machine:
    state = find_running(feature_server.directory)
    return Machine(tmp_path, Aws(state.emulator_port, state.region).environment())


def outputs_of(server: Server) -> dict[str, Any]:
    return find_running(server.directory).outputs


def test_where_every_client_comes_through_it_prints_the_urls(machine: Machine, feature_server: Server) -> None:
    done = machine.deploy(outputs_of(feature_server))
    assert done.returncode == 0, done.stderr
    printed = dict(line.split() for line in done.stdout.splitlines())
    assert printed.keys() == {"url", "dashboard_url", "mcp_url"}
    assert printed.items() <= outputs_of(feature_server).items()
    assert "ok    Claude " in done.stderr


def test_where_a_client_fails_it_looks_again_and_then_says_what_the_doctor_says(
    machine: Machine, bare_server: Server
) -> None:
    done = machine.deploy(outputs_of(bare_server))
    assert (done.returncode, done.stdout) == (1, "")
    assert "FAIL  Claude " in done.stderr
    assert "set edge to cloudfront or domain" in done.stderr


def test_where_nothing_answers_it_waits_until_its_time_is_over(machine: Machine) -> None:
    done = machine.deploy({"mcp_url": "http://localhost:1/mcp"}, WAIT_SECONDS="0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: cannot reach the server" in done.stderr


def test_where_pulumi_up_fails_its_status_is_that_of_the_script(machine: Machine) -> None:
    done = machine.deploy({}, status=255)
    assert (done.returncode, done.stdout) == (255, "")
    assert "Waiting" not in done.stderr


def test_where_aws_does_not_know_the_caller_nothing_is_deployed(machine: Machine) -> None:
    done = machine.deploy({}, status=99, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert done.returncode == 2
    assert "AWS does not know you" in done.stderr
