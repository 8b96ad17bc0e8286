"""The rules of the policy pack on our own stacks: what the other files do not repeat, because it is about any stack."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml

from aws_rules.data.tags import TAGGABLE
from tests.infra.policies import is_owners
from tests.infra.recorder import ACCOUNT_ID, PROJECT, REGION, Stack, run_program
from tests.infra.rules import all_findings, configuration, findings

DOMAIN = {
    "edge": "domain",
    "domainName": "mcp.example.com",
    "certificateArn": f"arn:aws:acm:{REGION}:{ACCOUNT_ID}:certificate/a1b2",
}


@pytest.fixture(scope="module")
def prod() -> Stack:
    """Return the stack that Pulumi.prod.yaml configures."""
    shipped = yaml.safe_load((PROJECT / "Pulumi.prod.yaml").read_text())["config"]
    config = {key: value for key, value in shipped.items() if not key.startswith("aws:")}
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    return run_program(texts, stack="prod")


def broken(stack: Stack, name: str) -> list[str]:
    """Return what breaks a rule with the configuration of this name, but what the owner of the tools may decide."""
    return [finding.message for finding in all_findings(stack, configuration(name)) if not is_owners(finding)]


def test_dev_keeps_every_rule_but_for_the_exceptions_of_its_configuration(stack: Stack) -> None:
    assert broken(stack, "dev") == []


@pytest.mark.slow
def test_prod_keeps_every_rule_but_for_the_exceptions_of_its_configuration(prod: Stack) -> None:
    assert broken(prod, "prod") == []


def test_a_setting_that_breaks_a_rule_is_reported(custom_stack: Stack) -> None:
    """Its configuration turns point-in-time recovery off."""
    [message] = broken(custom_stack, "prod")
    assert "remote-mcp-prod-store: pointInTimeRecovery.enabled is not true" in message


@pytest.mark.slow
@pytest.mark.parametrize(
    "config",
    [
        DOMAIN,
        {**DOMAIN, "firewall": "create", "manageApiGatewayAccount": "true"},
        {"logDestinationArn": f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:siem", "trail": "true"},
        {"logDestinationArn": f"arn:aws:kinesis:{REGION}:{ACCOUNT_ID}:stream/siem", "tracing": "true"},
    ],
    ids="-".join,
)
def test_other_settings_break_no_rule(config: dict[str, str]) -> None:
    assert broken(run_program(config), "dev") == []


@pytest.mark.slow
@pytest.mark.parametrize(("fixture", "name"), [("stack", "dev"), ("prod", "prod")])
def test_every_exception_excuses_something(fixture: str, name: str, request: pytest.FixtureRequest) -> None:
    stack: Stack = request.getfixturevalue(fixture)
    for rule, settings in configuration(name).items():
        exceptions = settings.get("exceptions", ())
        for exception in exceptions:
            others = [each for each in exceptions if each != exception]
            assert findings(stack, rule, {**settings, "exceptions": others}), exception["resource"]


@pytest.mark.slow
def test_the_types_that_take_tags_are_those_of_the_provider() -> None:
    spec = importlib.util.find_spec("pulumi_aws")
    assert spec
    assert spec.origin
    found = set()
    for source in Path(spec.origin).parent.rglob("*.py"):
        text = source.read_text()
        token = re.search(r"^            '(aws:\w+/\w+:\w+)',$", text, re.MULTILINE)
        arguments = re.search(r"^class \w+Args:\n(.*?)(?=^class )", text, re.MULTILINE | re.DOTALL)
        if token and arguments and "    def tags(self)" in arguments[1]:
            found.add(token[1])
    assert found == TAGGABLE, "write them into policy/aws_rules/data/taggable.txt"
