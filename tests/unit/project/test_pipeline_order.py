"""Which commit the pipeline deploys after which, and which one it looks for drift with."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engine.checkout import commit, git

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ("deployed-commit.sh", "refuse-older.sh", "check-out-deployed.sh")


class Repository:
    """A repository whose Pulumi CLI knows what was deployed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "checkout"
        self.programs = directory / "bin"
        self.programs.mkdir()
        (self.directory / "scripts" / "pipeline").mkdir(parents=True)
        for script in SCRIPTS:
            shutil.copy(ROOT / "scripts" / "pipeline" / script, self.directory / "scripts" / "pipeline")
        git(self.directory, "init", "--quiet")
        self.first = commit(self.directory, "first", {"tool.py": "1"})

    def deployed(self, *history: dict[str, object]) -> None:
        """Let ``pulumi stack history`` answer with these entries, the newest first."""
        program = self.programs / "pulumi"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(history)}\nEND\n")
        program.chmod(0o755)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.directory / "scripts" / "pipeline" / script],
            env={**os.environ, "STACK": "prod", "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def update(head: str, kind: str = "update") -> dict[str, object]:
    """Return an entry as the CLI writes it."""
    return {"kind": kind, "result": "succeeded", "environment": {"git.head": head}}


def test_the_first_update_is_let_through(repository: Repository) -> None:
    repository.deployed()
    assert repository.run("refuse-older.sh").returncode == 0


def test_the_deployed_commit_may_be_deployed_again(repository: Repository) -> None:
    repository.deployed(update(repository.first))
    assert repository.run("refuse-older.sh").returncode == 0


def test_a_newer_commit_is_let_through(repository: Repository) -> None:
    commit(repository.directory, "second")
    repository.deployed(update(repository.first))
    assert repository.run("refuse-older.sh").returncode == 0


def test_an_older_commit_is_refused(repository: Repository) -> None:
    second = commit(repository.directory, "second")
    repository.deployed(update(second))
    git(repository.directory, "checkout", "--quiet", repository.first)
    done = repository.run("refuse-older.sh")
    assert done.returncode == 1
    assert f"::error::prod is at {second}" in done.stdout
    assert "revert the commit" in done.stdout


def test_a_reverted_commit_is_let_through(repository: Repository) -> None:
    second = commit(repository.directory, "second", {"tool.py": "2"})
    git(repository.directory, "revert", "--no-edit", second)
    repository.deployed(update(second))
    assert (repository.directory / "tool.py").read_text() == "1"
    assert repository.run("refuse-older.sh").returncode == 0


def test_what_was_deployed_by_hand_from_elsewhere_is_a_warning(repository: Repository) -> None:
    repository.deployed(update("0" * 40))
    done = repository.run("refuse-older.sh")
    assert done.returncode == 0
    assert "::warning::prod was deployed from 0000" in done.stdout


def test_where_the_history_cannot_be_read_nothing_is_deployed(repository: Repository) -> None:
    program = repository.programs / "pulumi"
    program.write_text("#!/bin/sh\necho 'error: no stack' >&2\nexit 255\n")
    program.chmod(0o755)
    assert repository.run("refuse-older.sh").returncode != 0


def test_only_an_update_deploys_a_commit(repository: Repository) -> None:
    second = commit(repository.directory, "second")
    repository.deployed(update(second, kind="refresh"), update(repository.first))
    assert repository.run("check-out-deployed.sh").returncode == 0
    assert git(repository.directory, "rev-parse", "HEAD") == repository.first


def test_without_an_update_there_is_nothing_to_compare_with(repository: Repository) -> None:
    repository.deployed()
    done = repository.run("check-out-deployed.sh")
    assert done.returncode == 1
    assert "::error::prod was never updated from a checkout" in done.stdout
