"""The command ``pulumi`` that tests put on the PATH is the real CLI, with a host for the program."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.engine.cli import required_version
from tests.engine.engine import Engine
from tests.engine.shell import make_shell

PROGRAM = """
import pulumi
import beside

pulumi.ComponentResource("small:index:Person", pulumi.Config().require("name"))
pulumi.export("greeting", f"{beside.GREETING}, {pulumi.Config().require('name')}")
"""


class Shell:
    """Runs commands in the folder of a program."""

    def __init__(self, environment: dict[str, str], directory: Path) -> None:
        self._environment = environment
        self._directory = directory

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self._directory, env=self._environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def shell(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a shell in the folder of a small program with the stack ``dev``."""
    directory = tmp_path_factory.mktemp("command")
    project = directory / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: small\nmain: program.py\nruntime: python\n")
    (project / "program.py").write_text(PROGRAM)
    (project / "beside.py").write_text('GREETING = "Hello"\n')
    shell = Shell(make_shell(engine, directory), project)
    assert shell.run("pulumi", "stack", "init", "dev").returncode == 0
    return shell


def test_what_does_not_run_the_program_is_the_real_cli(shell: Shell) -> None:
    version = shell.run("pulumi", "version").stdout.strip().removeprefix("v")
    assert required_version().compare(version) <= 0


def test_up_runs_the_program_with_its_modules_and_settings(shell: Shell) -> None:
    assert shell.run("pulumi", "config", "set", "name", "Ada").returncode == 0
    done = shell.run("pulumi", "up", "--yes", "--stack", "dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(shell.run("pulumi", "stack", "output", "--json").stdout) == {"greeting": "Hello, Ada"}


def test_its_exit_status_is_that_of_the_real_cli(shell: Shell) -> None:
    shell.run("pulumi", "config", "set", "name", "Ada")
    shell.run("pulumi", "up", "--yes")
    assert shell.run("pulumi", "preview", "--expect-no-changes").returncode == 0
    shell.run("pulumi", "config", "set", "name", "Grace")
    changed = shell.run("pulumi", "--color", "never", "preview", "--diff", "--expect-no-changes")
    assert changed.returncode != 0
    assert "+ small:index:Person: (create)" in changed.stdout
    shell.run("pulumi", "config", "rm", "name")
    failed = shell.run("pulumi", "preview")
    assert failed.returncode != 0
    assert "Missing required configuration variable 'small:name'" in failed.stdout + failed.stderr


def test_another_folder_can_be_named(shell: Shell, tmp_path: Path) -> None:
    shell.run("pulumi", "config", "set", "name", "Ada")
    elsewhere = Shell(shell._environment, tmp_path)
    done = elsewhere.run("pulumi", "-C", str(shell._directory), "preview", "--stack", "dev")
    assert done.returncode == 0, done.stdout + done.stderr
