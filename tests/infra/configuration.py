"""Loads configurations, valid or not."""

import pulumi
import pytest

from components.config import StackConfig
from tests.infra.recorder import Recorder


def load(config: dict[str, str] | None = None, stack: str = "dev") -> StackConfig:
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack=stack)
    pulumi.runtime.set_all_config({f"remote-mcp:{key}": value for key, value in (config or {}).items()})
    return StackConfig.load()


def refusal(config: dict[str, str], stack: str = "dev") -> str:
    with pytest.raises(pulumi.RunError) as refused:
        load(config, stack)
    return str(refused.value)
