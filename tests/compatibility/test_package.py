"""The package for other programs is what is checked in, and goes on fitting programs that use it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from components.server.plugin import schema_text
from docs.package_schema import SCHEMA
from tests.compatibility.package import RELEASED, find_breaks

COMPONENT = "remote-mcp:index:RemoteMcpServer"
Package = dict[str, Any]


@pytest.fixture(scope="module")
def package() -> Package:
    return dict(json.loads(SCHEMA.read_bytes()))


def test_the_schema_of_the_package_is_the_one_that_is_checked_in() -> None:
    assert SCHEMA.read_text() == schema_text(), "run make docs"


def test_programs_that_use_the_last_release_go_on_working(package: Package) -> None:
    assert list(find_breaks(json.loads(RELEASED.read_bytes()), package)) == []


def test_each_argument_and_each_output_is_described(package: Package) -> None:
    component = package["resources"][COMPONENT]
    members = [*component["inputProperties"].items(), *component["properties"].items()]
    members += [item for each in package["types"].values() for item in each["properties"].items()]
    assert [name for name, rule in members if not rule.get("description")] == []


def test_no_argument_is_required(package: Package) -> None:
    assert package["resources"][COMPONENT]["requiredInputs"] == []


def remove_argument(package: Package) -> None:
    del package["resources"][COMPONENT]["inputProperties"]["memorySize"]


def retype_argument(package: Package) -> None:
    package["resources"][COMPONENT]["inputProperties"]["memorySize"]["type"] = "string"


def retype_items(package: Package) -> None:
    package["resources"][COMPONENT]["inputProperties"]["allowedOrigins"]["items"]["type"] = "integer"


def require_argument(package: Package) -> None:
    package["resources"][COMPONENT]["requiredInputs"] = ["domainName"]


def remove_output(package: Package) -> None:
    del package["resources"][COMPONENT]["properties"]["mcpUrl"]


def leave_out_output(package: Package) -> None:
    package["resources"][COMPONENT]["required"].remove("mcpUrl")


def require_member(package: Package) -> None:
    package["types"]["remote-mcp:index:Upstream"]["required"].append("groupsClaim")


def remove_type(package: Package) -> None:
    del package["types"]["remote-mcp:index:Upstream"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (remove_argument, "input memorySize was removed: put it back, or release a new major version"),
        (retype_argument, "input memorySize has another type, {'type': 'string', 'plain': True} and not"),
        (retype_items, "input allowedOrigins has another type"),
        (require_argument, "needs domainName now: give it a default, or release a new major version"),
        (remove_output, "properties mcpUrl was removed"),
        (leave_out_output, "no longer always has the output mcpUrl"),
        (require_member, "remote-mcp:index:Upstream needs groupsClaim now"),
        (remove_type, "remote-mcp:index:Upstream was removed"),
    ],
)
def test_a_change_that_breaks_programs_is_told_with_what_to_do(
    package: Package, change: Callable[[Package], None], said: str
) -> None:
    changed = copy.deepcopy(package)
    change(changed)
    breaks = list(find_breaks(package, changed))
    assert any(said in each for each in breaks), breaks


def test_what_is_added_or_described_anew_breaks_nothing(package: Package) -> None:
    changed = copy.deepcopy(package)
    changed["resources"][COMPONENT]["inputProperties"]["more"] = {"type": "string"}
    changed["resources"][COMPONENT]["inputProperties"]["memorySize"]["description"] = "Another text."
    assert list(find_breaks(package, changed)) == []
