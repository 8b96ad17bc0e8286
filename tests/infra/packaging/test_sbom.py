"""Tests of the bills of materials beside the archives."""

import json
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name

from components.packaging.archive import Packager
from components.packaging.fetching import hash_file
from components.packaging.requirements import Pin, Requirements
from components.packaging.sbom import SUFFIX, bill_of, hash_sources
from runtime.version import VERSION
from tests.infra.packaging.archives import HERE, make_wheel
from tests.infra.recorder import PROJECT

FUNCTIONS = ("authorizer", "login", "mcp", "oauth", "rotation", "worker")
VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)
APPROVED = "Classifier: License :: OSI Approved :: "
ABOUT = {"python": "3.14.1", "architecture": "arm64"}


@pytest.fixture(scope="module", params=FUNCTIONS)
def archive(request: pytest.FixtureRequest) -> Path:
    return Packager(PROJECT, HERE, cache=PROJECT / ".build").build(f"runtime.handlers.{request.param}")


@pytest.fixture(scope="module")
def bill(archive: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.with_suffix(SUFFIX).read_text())
    return found


def is_valid(bill: dict[str, Any]) -> bool:
    """Return whether a bill obeys the schema of CycloneDX, and no unknown member is in it."""
    return VALIDATOR.validate_str(json.dumps(bill)) is None


def libraries_in(archive: Path) -> set[tuple[str, str]]:
    """Return the names and versions of the distributions in an archive, by their metadata there."""
    with zipfile.ZipFile(archive) as packed:
        names = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1]
        found = [message_from_bytes(packed.read(name)) for name in names]
    return {(canonicalize_name(each["Name"]), each["Version"]) for each in found}


def test_a_bill_lies_beside_each_archive_and_is_valid(bill: dict[str, Any]) -> None:
    assert is_valid(bill)
    assert not is_valid(bill | {"unknown": 1})


def test_it_lists_exactly_the_libraries_in_the_archive(archive: Path, bill: dict[str, Any]) -> None:
    assert {(each["name"], each["version"]) for each in bill["components"]} == libraries_in(archive)
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in bill["components"])


def test_every_library_has_a_licence_and_a_hash_that_the_project_pins(bill: dict[str, Any]) -> None:
    pinned = Requirements.read(PROJECT, HERE.markers("")).hashes
    for each in bill["components"]:
        [digest] = each["hashes"]
        assert digest["content"] in pinned[Pin(each["name"], each["version"])]
        assert each["licenses"], each["name"]


def test_it_names_the_archive_by_its_hash_and_how_it_was_built(archive: Path, bill: dict[str, Any]) -> None:
    function = bill["metadata"]["component"]
    assert function["version"] == VERSION
    assert function["hashes"] == [{"alg": "SHA-256", "content": hash_file(archive)}]
    said = {each["name"].removeprefix("remote-mcp:"): each["value"] for each in function["properties"]}
    assert said["python"].startswith(f"{HERE.python}.")
    assert said["architecture"] == HERE.architecture
    assert said["sha256-without-compiled-files"] == hash_sources(archive)


def pack(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


@pytest.mark.parametrize(
    ("metadata", "licences"),
    [
        ("License-Expression: MIT OR Apache-2.0\n", [{"expression": "MIT OR Apache-2.0"}]),
        ("License: Apache License 2.0\n", [{"expression": "Apache-2.0"}]),
        (
            f"License: Dual License\n{APPROVED}BSD License\n{APPROVED}Apache Software License\n",
            [{"license": {"name": "BSD License"}}, {"license": {"name": "Apache Software License"}}],
        ),
        ("License: As you like it\n", [{"license": {"name": "As you like it"}}]),
        ("", None),
    ],
)
def test_a_licence_is_what_the_wheel_says_and_nothing_is_guessed(
    tmp_path: Path, metadata: str, licences: list[dict[str, Any]] | None
) -> None:
    wheel = make_wheel(tmp_path, "library", {"library.py": ""}, metadata=metadata)
    archive = pack(tmp_path / "function.zip", {"library.py": ""})
    bill = bill_of(archive, "function", {Pin("library", "1.0"): wheel}, ABOUT)
    assert is_valid(bill)
    assert bill["components"][0].get("licenses") == licences


def test_the_same_archive_has_the_same_bill_and_another_one_another(tmp_path: Path) -> None:
    one, same = (pack(tmp_path / f"{name}.zip", {"a.py": "1"}) for name in ("one", "same"))
    other = pack(tmp_path / "other.zip", {"a.py": "2"})
    assert bill_of(one, "function", {}, ABOUT) == bill_of(same, "function", {}, ABOUT)
    serials = {bill_of(archive, "function", {}, ABOUT)["serialNumber"] for archive in (one, other)}
    assert len(serials) == 2


def test_compiled_files_do_not_count_for_the_hash_of_the_sources(tmp_path: Path) -> None:
    one = pack(tmp_path / "one.zip", {"a.py": "1", "__pycache__/a.cpython-311.pyc": "1"})
    two = pack(tmp_path / "two.zip", {"a.py": "1", "__pycache__/a.cpython-311.pyc": "2"})
    other = pack(tmp_path / "other.zip", {"a.py": "2", "__pycache__/a.cpython-311.pyc": "1"})
    assert hash_sources(one) == hash_sources(two) != hash_sources(other)
