"""Which Pulumi CLI the engine tests take."""

from pathlib import Path

import pytest

from tests.engine.cli import find_command, pinned_version, required_version
from tests.support.go_tools import GoToolMissingError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only directory of the PATH, which is empty like the cache."""
    directory = tmp_path / "path"
    directory.mkdir()
    monkeypatch.setenv("PATH", str(directory))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return directory


def install(directory: Path, version: str) -> Path:
    """Install a Pulumi CLI that tells its version and can do nothing else."""
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / "pulumi"
    program.write_text(f"#!/bin/sh\necho v{version}\n")
    program.chmod(0o755)
    return program


def test_without_a_cli_and_without_go_it_says_what_to_install(path: Path) -> None:
    with pytest.raises(GoToolMissingError, match=r"needs the Pulumi CLI .* or Go"):
        find_command()


def test_the_cli_of_the_path_is_taken(path: Path) -> None:
    install(path, str(required_version()))
    assert find_command().command == "pulumi"


def test_a_cli_of_the_path_that_is_too_old_is_left_alone(path: Path, tmp_path: Path) -> None:
    install(path, "3.100.0")
    built = install(tmp_path / "cache" / "remote-mcp" / "engine" / pinned_version() / "bin", pinned_version())
    assert find_command().command == str(built)


def test_the_pinned_version_is_one_that_the_program_admits() -> None:
    assert required_version().compare(pinned_version()) <= 0
