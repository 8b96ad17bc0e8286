"""Functions of their own for some tools: what is declared, who may invoke them, and what they may do."""

import json
import zipfile
from collections.abc import Mapping

import pulumi
import pytest

from admin.cost.fixed import TOOL_FUNCTION_METRICS
from tests.infra.functions import FUNCTIONS, environment, lambda_function
from tests.infra.policies import statements
from tests.infra.recorder import Stack, arn, run_program

NEEDS = """
import pulumi_aws as aws

from components.needs import Needs


def declare(needs: Needs) -> None:
    needs.environment("SHARED", "both")
    ledger = aws.dynamodb.Table("ledger", attributes=[{"name": "id", "type": "S"}], hash_key="id")
    billing = needs.function("billing")
    billing.allow("dynamodb:GetItem", ledger.arn)
    billing.environment("LEDGER", "books")
    billing.memory(2048)
    billing.timeout(120)
    billing.reserve_concurrency(5)
    billing.provision_concurrency(1)
"""
APP = "tests.e2e.functions_app"
OWN = ("tool-billing", "tool-post")


def run(needs: str, folder: pytest.TempPathFactory, config: Mapping[str, str] = {}) -> Stack:
    file = folder.mktemp("app") / "needs.py"
    file.write_text(needs)
    return run_program({"appModule": APP, "appNeeds": str(file), **config})


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A stack whose app has two functions of their own, of which the needs file mentions one."""
    siem = "arn:aws:firehose:eu-central-1:123456789012:deliverystream/siem"
    return run(NEEDS, tmp_path_factory, {"trail": "true", "monitoring": "full", "logDestinationArn": siem})


def names(archive: pulumi.FileArchive) -> set[str]:
    return set(zipfile.ZipFile(archive.path).namelist())


def test_each_function_has_what_its_tools_need_and_defaults_otherwise(own: Stack) -> None:
    billing, post = (lambda_function(own, name).inputs for name in OWN)
    assert (billing["memorySize"], billing["timeout"], billing["reservedConcurrentExecutions"]) == (2048, 120, 5)
    # As long as the mcp function waits for it: none of its tools runs as a task.
    assert (post["memorySize"], post["timeout"]) == (512, 26)
    assert own.one("lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig").inputs["qualifier"] == "live"
    assert environment(own, "tool-billing") == {
        "LEDGER": "books",
        "LOG_LEVEL": "INFO",
        "TOOL_FUNCTION": "billing",
        "TOOL_MODULES": '["tests.e2e.billing_members"]',
    }


def test_a_function_may_write_its_log_and_what_its_needs_say(own: Stack) -> None:
    logging = [["logs:CreateLogStream", "logs:PutLogEvents"]]
    assert [each["Action"] for each in statements(own, "-tool-post-policy")] == logging
    *_, allowed = statements(own, "-tool-billing-policy")
    assert allowed == {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": [arn("Table", "ledger")]}
    assert len(statements(own, "-tool-billing-policy")) == 2


@pytest.mark.parametrize("caller", ["mcp", "worker"])
def test_the_callers_may_invoke_the_versions_that_serve_and_know_their_names(own: Stack, caller: str) -> None:
    invoked = [
        resource
        for each in statements(own, f"-{caller}-policy")
        if each["Action"] == ["lambda:InvokeFunction"]
        for resource in each["Resource"]
    ]
    wanted = {arn("Function", f"remote-mcp-dev-{name}") + ":live" for name in OWN}
    assert set(invoked) - {arn("Function", "remote-mcp-dev-worker") + ":live"} == wanted
    variables = environment(own, caller)
    assert json.loads(variables["TOOL_FUNCTIONS"]) == {
        "billing": "remote-mcp-dev-tool-billing:live",
        "post": "remote-mcp-dev-tool-post:live",
    }
    # Longer than a function may take, and shorter than the caller itself.
    assert variables["TOOL_SECONDS"] == {"mcp": "27", "worker": "898"}[caller]
    assert (variables["SHARED"], "LEDGER" in variables) == ("both", False)


def test_nobody_else_may_invoke_them(own: Stack) -> None:
    for name in set(FUNCTIONS) - {"mcp", "worker"}:
        assert "tool-" not in json.dumps(statements(own, f"-{name}-policy"))
    granted = [each.inputs["function"] for each in own.all("lambda/permission:Permission")]
    assert not [name for name in granted if "tool-" in name]


def test_a_library_of_one_tool_is_in_no_other_archive(own: Stack) -> None:
    archives = {name: names(lambda_function(own, name).inputs["code"]) for name in (*FUNCTIONS, *OWN)}
    holding = {name for name, files in archives.items() if "yaml/__init__.py" in files}
    assert holding == {"tool-billing"}
    mcp, billing = archives["mcp"], archives["tool-billing"]
    assert "manifest.json" in mcp & archives["worker"]
    assert "tests/e2e/billing_members.py" not in mcp
    # It can read secrets and call functions, but has no store of the server.
    assert not {
        name for name in billing if name.startswith(("runtime/oauth", "runtime/login", "runtime/storage/table"))
    }


def test_everything_that_knows_the_functions_of_a_stack_knows_these(own: Stack) -> None:
    outputs = own.outputs
    assert {key: outputs["function_names"][key] for key in OWN} == {key: f"remote-mcp-dev-{key}" for key in OWN}
    declared = own.all("cloudwatch/metricAlarm:MetricAlarm")
    alarms = {alarm.name.partition("-monitoring-")[2]: alarm.inputs for alarm in declared}
    for key in OWN:
        assert len([name for name in alarms if name.startswith(key)]) == TOOL_FUNCTION_METRICS
        assert alarms[f"{key}-errors"]["alarmActions"]
        assert not alarms[f"{key}-throttles"].get("alarmActions")
        assert f"{key}-errors" in outputs["release_alarms"]
    assert alarms["tool-billing-duration"]["threshold"] == 108_000
    exported = [each.inputs["logGroup"] for each in own.all("cloudwatch/logSubscriptionFilter:LogSubscriptionFilter")]
    assert {f"remote-mcp-dev-{key}-logs" for key in OWN} <= set(exported)
    assert all(f"remote-mcp-dev-{key}" in json.dumps(own.one("cloudtrail/trail:Trail").inputs) for key in OWN)


def test_a_stack_without_such_tools_has_none_of_it(stack: Stack) -> None:
    assert "TOOL_FUNCTIONS" not in environment(stack, "mcp")
    assert "manifest.json" not in names(lambda_function(stack, "mcp").inputs["code"])
    assert "runtime/handlers/tool.py" not in names(lambda_function(stack, "mcp").inputs["code"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("told", "config", "said"),
    [
        ("needs.function('biling')", {}, r"needs.function\('biling'\): no tool has .*; did you mean 'billing'\?"),
        (
            "needs.function('post').timeout(27)",
            {},
            "at most 26, because its tools answer requests",
        ),
        ("needs.function('billing').timeout(299)", {"workerTimeoutSeconds": "300"}, "allowed: at most 297"),
        ("needs.function('post').provision_concurrency(1)", {"release": "canary"}, "not with release canary"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    told: str, config: dict[str, str], said: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    needs = f"def declare(needs):\n    needs.function('billing').environment('LEDGER', 'books')\n    {told}\n"
    with pytest.raises(pulumi.RunError, match=said):
        run(needs, tmp_path_factory, config)


@pytest.mark.slow
def test_a_name_that_is_too_long_for_aws_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("app") / "needs.py"
    file.write_text("def declare(needs):\n    needs.function('billing').environment('LEDGER', 'books')\n")
    with pytest.raises(pulumi.RunError, match="Take a name that is shorter by 2"):
        run_program({"appModule": APP, "appNeeds": str(file)}, project="p" * 41)
