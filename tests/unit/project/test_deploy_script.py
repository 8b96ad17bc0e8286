"""What ``scripts/deploy.sh`` refuses before it does anything. `make engine` runs it to its end."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts" / "deploy.sh"
PROGRAMS = ("dirname", "env", "sh")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a machine with a shell and a clone without ``.venv``, and no other program."""
    (tmp_path / "bin").mkdir()
    for program in PROGRAMS:
        (tmp_path / "bin" / program).symlink_to(str(shutil.which(program)))
    (tmp_path / "clone" / "scripts").mkdir(parents=True)
    shutil.copy(SCRIPT, tmp_path / "clone" / "scripts")
    return tmp_path


def run(machine: Path, *arguments: str) -> str:
    """Run the script, which must fail as wrong usage does, and return what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    done = subprocess.run(
        [machine / "clone" / "scripts" / "deploy.sh", *arguments],
        env={**environment, "PATH": str(machine / "bin"), "HOME": str(machine)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dev", "prod"], "one stack at a time: dev or prod"),
        (["--region"], "--region needs a value"),
        (["dev", "--secrets-provider"], "--secrets-provider needs a value"),
        (["--yess"], "there is no option --yess"),
    ],
)
def test_wrong_usage_is_said_before_anything_happens(arguments: list[str], said: str, machine: Path) -> None:
    assert said in run(machine, *arguments)


def test_a_missing_pulumi_cli_is_named_with_where_to_get_it(machine: Path) -> None:
    assert "https://www.pulumi.com/docs/iac/download-install/" in run(machine, "dev")


def test_missing_packages_are_named_with_the_command_that_installs_them(machine: Path) -> None:
    # Nothing of the CLI runs before.
    (machine / "bin" / "pulumi").symlink_to(str(shutil.which("true")))
    assert "python3.14 -m venv --clear .venv && .venv/bin/python -m pip install -r requirements.txt" in run(machine)
