"""Tests of ``Pulumi.yaml``, and of what it starts."""

import re
import runpy
from typing import Any

import pulumi
import pytest
import yaml

from tests.infra.recorder import HERE, PROJECT, Recorder


def project_file() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "Pulumi.yaml").read_text()))


def start(config: dict[str, str]) -> None:
    """Start the program as the Pulumi CLI does."""
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack="dev")
    pulumi.runtime.set_all_config({f"remote-mcp:{key}": value for key, value in config.items()})
    runpy.run_path(str(PROJECT / project_file()["main"]), run_name="__main__")


def test_the_cli_is_at_least_as_new_as_the_sdk() -> None:
    """Pulumi's project file reference, requiredPulumiVersion: ranges that are joined by spaces must all hold."""
    required = project_file()["requiredPulumiVersion"]
    sdk = re.search(r"^pulumi==(\S+)$", (PROJECT / "requirements.txt").read_text(), re.MULTILINE)
    assert sdk is not None
    assert required == f">={sdk[1]} <4.0.0"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"memorySize": "1"}, "memorySize is 1; allowed: an integer from 128 to 10240"),
        ({"pythonVersion": "3.14" if HERE != "3.14" else "3.13"}, f"but this program runs on Python {HERE}"),
    ],
)
def test_an_error_that_the_user_can_mend_is_all_that_is_said(
    config: dict[str, str], said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The Python host of the CLI tells the engine of a crash, unless the exit status is 32."""
    with pytest.raises(SystemExit) as ended:
        start(config)
    assert ended.value.code == 32
    [message] = caplog.messages
    assert said in message


def test_another_error_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.config.StackConfig.load", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        start({})
