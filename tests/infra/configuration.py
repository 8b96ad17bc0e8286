"""Loads configurations, valid or not."""

import pulumi
import pytest

from components.config import StackConfig
from tests.infra.recorder import Recorder


def load(config: dict[str, str] | None = None, stack: str = "dev", *, project: str = "remote-mcp") -> StackConfig:
    """Load ``config``. A key without a namespace is one of the project's. What an app needs is its owner's."""
    pulumi.runtime.set_mocks(Recorder(), project=project, stack=stack)
    pulumi.runtime.set_all_config(
        {
            key if ":" in key else f"{project}:{key}": value
            for key, value in {"appNeeds": "none", **(config or {})}.items()
        }
    )
    return StackConfig.load()


def refusal(config: dict[str, str], stack: str = "dev", *, project: str = "remote-mcp") -> str:
    with pytest.raises(pulumi.RunError) as refused:
        load(config, stack, project=project)
    return str(refused.value)
