"""Tests of ``Pulumi.yaml``."""

import re

import yaml

from tests.infra.recorder import PROJECT


def test_the_cli_is_at_least_as_new_as_the_sdk() -> None:
    """Pulumi's project file reference, requiredPulumiVersion: ranges that are joined by spaces must all hold."""
    required = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())["requiredPulumiVersion"]
    sdk = re.search(r"^pulumi==(\S+)$", (PROJECT / "requirements.txt").read_text(), re.MULTILINE)
    assert sdk is not None
    assert required == f">={sdk[1]} <4.0.0"
