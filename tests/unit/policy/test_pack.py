"""What makes a policy pack of the rules."""

import yaml

from runtime.version import VERSION
from tests.infra.recorder import PROJECT

PACK = PROJECT / "policy"


def pins(path: str) -> dict[str, str]:
    lines = (PROJECT / path).read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))


def test_the_pack_has_the_version_of_the_project() -> None:
    assert yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())["version"] == VERSION


def test_the_pack_runs_on_the_pulumi_of_the_program_beside_an_older_protobuf() -> None:
    """If both can have the same one, the pack needs no environment of its own."""
    own, program = pins("policy/requirements.txt"), pins("requirements.txt")
    assert own["pulumi"] == program["pulumi"]
    assert int(own["protobuf"].partition(".")[0]) < int(program["protobuf"].partition(".")[0])


def test_everything_that_the_pack_needs_is_pinned() -> None:
    lines = (PACK / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#") and "==" not in line] == []
