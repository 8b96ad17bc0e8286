"""Tests of unknown and secret configuration keys."""

import json

import pulumi
import pytest

from components.config import StackConfig
from local.program import project_name, read_stack_file
from tests.infra.configuration import load, refusal
from tests.infra.recorder import Recorder, run_program


def test_a_misspelt_key_is_refused_with_the_key_that_was_meant() -> None:
    assert 'pulicUrl is "https://x.example", but there is no such key; did you mean publicUrl?' in refusal(
        {"pulicUrl": "https://x.example"}
    )


def test_an_unknown_key_is_refused_with_the_keys_there_are() -> None:
    assert "allowed keys: edge, publicUrl," in refusal({"zzz": "1"})


def test_keys_of_providers_and_of_pulumi_are_none_of_its_business() -> None:
    assert load({"aws:region": "eu-central-1", "pulumi:autonaming": "{}"}).stage_name == "dev"


@pytest.mark.parametrize("key", ["mcp:scopes", "remote-mcp-two:scopes", "no.provider:scopes"])
def test_a_key_of_a_project_with_another_name_is_refused_with_its_new_name(key: str) -> None:
    """After a project is renamed, its keys would have no effect."""
    message = refusal({key: '{"mcp": "Use"}'})
    assert f"{key} is set, but this project is called remote-mcp, and no provider is called" in message
    assert "rename the key to remote-mcp:scopes, or remove it" in message


def test_a_project_that_is_called_like_a_provider_is_refused() -> None:
    """The settings of both would have the same keys."""
    assert "the project is called aws, like the provider whose settings are aws:...; call it otherwise" in refusal(
        {"memorySize": "256"}, project="aws"
    )


def test_a_value_that_is_kept_secret_is_not_shown() -> None:
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack="dev")
    pulumi.runtime.set_all_config({"remote-mcp:alarmEmail": "hidden"}, ["remote-mcp:alarmEmail"])
    try:
        with pytest.raises(pulumi.RunError, match=r"alarmEmail is \[secret\]") as refused:
            StackConfig.load()
    finally:
        pulumi.runtime.set_all_config({}, [])
    assert "hidden" not in str(refused.value)


def test_a_bad_value_stops_the_program_before_anything_is_declared() -> None:
    with pytest.raises(pulumi.RunError, match="memorySize is 1; allowed: an integer from 128 to 10240"):
        run_program({"memorySize": "1"})


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_stacks_of_this_repository_are_configured_properly(stack: str) -> None:
    namespace = f"{project_name()}:"
    settings = read_stack_file(stack)
    ours = {key.removeprefix(namespace): value for key, value in settings.items() if key.startswith(namespace)}
    # The Pulumi CLI hands every value over as text, objects and arrays as JSON.
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in ours.items()}
    assert load(texts, stack).deletion_protection is (stack == "prod")
