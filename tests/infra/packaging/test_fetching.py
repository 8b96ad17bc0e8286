"""Tests that a wheel has one of the hashes that the project states for it."""

import hashlib
from pathlib import Path

import pulumi
import pytest

from components.packaging.fetching import fetch_wheels, hash_file
from components.packaging.hashes import PROJECT, pins_of, targets, wheels_text
from components.packaging.requirements import Pin, Requirements
from components.packaging.target import Target
from tests.infra.packaging.archives import HERE, make_wheel

FIRST = Pin("first", "1.0")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is the only index of pip."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def fetch(tmp_path: Path, *hashes: str) -> Path:
    return fetch_wheels({FIRST: frozenset(hashes)}, HERE, tmp_path / "cache")[FIRST]


@pytest.mark.slow
def test_a_wheel_with_one_of_the_hashes_is_taken(tmp_path: Path, index: Path) -> None:
    digest = hash_file(make_wheel(index, "first", {"first.py": ""}))
    assert hash_file(fetch(tmp_path, digest, "0" * 64)) == digest


@pytest.mark.slow
def test_a_wheel_with_another_hash_is_refused(tmp_path: Path, index: Path) -> None:
    make_wheel(index, "first", {"first.py": "replaced = True\n"})
    with pytest.raises(pulumi.RunError, match=r"pip found no wheels for first==1\.0(.|\n)*HASHES"):
        fetch(tmp_path, "0" * 64)


@pytest.mark.slow
def test_a_wheel_without_hashes_is_taken_beside_one_with_hashes(tmp_path: Path, index: Path) -> None:
    digest = hash_file(make_wheel(index, "first", {"first.py": ""}))
    make_wheel(index, "second", {"second.py": ""})
    wanted = {FIRST: frozenset({digest}), Pin("second", "1.0"): frozenset[str]()}
    assert {pin.name for pin in fetch_wheels(wanted, HERE, tmp_path / "cache")} == {"first", "second"}


@pytest.mark.slow
def test_a_cached_wheel_with_another_hash_is_fetched_again(tmp_path: Path, index: Path) -> None:
    digest = hash_file(make_wheel(index, "first", {"first.py": ""}))
    cached = fetch(tmp_path)
    cached.write_bytes(cached.read_bytes() + b"changed")
    assert hash_file(cached) != digest
    assert hash_file(fetch(tmp_path, digest)) == digest


@pytest.mark.parametrize("target", targets(), ids=lambda target: f"{target.runtime}-{target.architecture}")
def test_every_library_of_this_project_has_hashes_for_every_target(target: Target) -> None:
    hashes = Requirements.read(PROJECT, target.markers("")).hashes
    assert [pin for pin in pins_of(target, ["runtime.app"]) if not hashes.get(pin)] == [], "run make hashes"


def test_the_file_of_hashes_is_one_that_pip_reads(tmp_path: Path, index: Path) -> None:
    digest = hash_file(make_wheel(index, "first", {"first.py": ""}))
    (tmp_path / "requirements.txt").write_text("first==1.0\n")
    (tmp_path / "wheels.txt").write_text(wheels_text({FIRST: {digest, hashlib.sha256().hexdigest()}}))
    hashes = Requirements.read(tmp_path, HERE.markers("")).hashes
    assert hash_file(fetch(tmp_path, *hashes[FIRST])) == digest
