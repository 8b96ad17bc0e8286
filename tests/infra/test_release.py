"""How a new version of the functions replaces the one that serves."""

import pytest

from tests.infra.configuration import load, refusal
from tests.infra.functions import FUNCTIONS
from tests.infra.recorder import Stack, run_program

PROVISIONED = "lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"


@pytest.fixture(scope="module")
def canary() -> Stack:
    return run_program({"release": "canary"})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_canary_leaves_the_alias_to_the_command_after_the_first_deployment(canary: Stack, name: str) -> None:
    """The engine ignores changes of these inputs, and creates an alias with them."""
    alias = canary.one("lambda/alias:Alias", f"-{name}-live")
    assert alias.inputs["functionVersion"] == "1"
    assert canary.options_of(alias).ignored == {"functionVersion", "routingConfig", "description"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_all_at_once_moves_the_alias_with_the_deployment(stack: Stack, name: str) -> None:
    assert not stack.options_of(stack.one("lambda/alias:Alias", f"-{name}-live")).ignored


def test_the_release_changes_no_name(canary: Stack, stack: Stack) -> None:
    """Both ways have the same resources, so the key can change at any time."""
    assert (set(canary.urns), canary.outputs) == (set(stack.urns), stack.outputs)


def test_the_alarms_on_errors_end_a_release(stack: Stack) -> None:
    """``custom_stack`` watches objectives: there, one failed request ends none."""
    errors = [f"{name}-errors" for name in FUNCTIONS]
    assert stack.outputs["release_alarms"] == {
        name: f"remote-mcp-dev-monitoring-{name}" for name in (*errors, "api-5xx")
    }
    declared = {alarm.name for alarm in stack.all("cloudwatch/metricAlarm:MetricAlarm")}
    assert set(stack.outputs["release_alarms"].values()) <= declared


def test_instances_are_kept_initialized_for_the_alias_of_the_functions_that_the_configuration_names(
    stack: Stack, custom_stack: Stack
) -> None:
    assert not list(stack.all(PROVISIONED))
    assert [each.inputs for each in sorted(custom_stack.all(PROVISIONED), key=lambda each: each.name)] == [
        {
            "functionName": f"remote-mcp-prod-{name}",
            "qualifier": "live",
            "provisionedConcurrentExecutions": instances,
        }
        for name, instances in (("authorizer", 2), ("mcp", 5))
    ]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            {"release": "canary", "provisionedConcurrency": '{"mcp": 1}'},
            'provisionedConcurrency is {"mcp": 1}; allowed: only with release all-at-once, and release is canary',
        ),
        (
            {"reservedConcurrency": '{"mcp": 4}', "provisionedConcurrency": '{"mcp": 5}'},
            "provisionedConcurrency.mcp is 5; allowed: at most 4, as reservedConcurrency.mcp",
        ),
        (
            {"provisionedConcurrency": '{"mcp": 0}'},
            "provisionedConcurrency.mcp is 0; allowed: an integer from 1 to 100000",
        ),
        (
            {"provisionedConcurrency": '{"rotation": 1}'},
            "provisionedConcurrency.rotation is set, but there is no such member; allowed members: authorizer, mcp",
        ),
    ],
)
def test_what_lambda_would_refuse_is_refused_before(config: dict[str, str], said: str) -> None:
    assert said in refusal(config)


def test_as_many_instances_as_are_reserved_can_be_kept_initialized() -> None:
    config = load({"reservedConcurrency": '{"mcp": 5}', "provisionedConcurrency": '{"mcp": 5, "login": 1}'})
    assert config.provisioned_concurrency == {"mcp": 5, "login": 1}
