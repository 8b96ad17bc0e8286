"""The hashes of what deploys."""

from pathlib import Path

import pytest
from packaging.markers import default_environment

from components.packaging.requirements import HASH, Requirements

ROOT = Path(__file__).resolve().parents[3]
TOOLCHAIN = ROOT / "toolchain.txt"


@pytest.fixture(scope="module")
def toolchain(tmp_path_factory: pytest.TempPathFactory) -> Requirements:
    """Return the toolchain as the requirements of a project."""
    project = tmp_path_factory.mktemp("toolchain")
    (project / "requirements.txt").write_text(TOOLCHAIN.read_text())
    return read(project)


def read(project: Path) -> Requirements:
    markers = {name: str(value) for name, value in default_environment().items()}
    return Requirements.read(project, markers, own=False)


def test_the_toolchain_has_the_versions_of_the_requirements(toolchain: Requirements) -> None:
    assert toolchain.versions == read(ROOT).versions, "run make hashes"


def test_every_version_has_hashes_and_the_wheels_of_the_functions_are_among_them(toolchain: Requirements) -> None:
    assert {pin.name for pin in toolchain.hashes} == toolchain.versions.keys()
    for pin, hashes in read(ROOT).hashes.items():
        assert hashes <= toolchain.hashes[pin], pin


def test_every_requirement_of_the_toolchain_has_a_hash() -> None:
    """pip's hash-checking mode wants one for each."""
    requirements = TOOLCHAIN.read_text().replace("\\\n", " ").splitlines()
    assert [line for line in requirements if not line.startswith("#") and not HASH.search(line)] == []
