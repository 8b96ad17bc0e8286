"""The network of an app: which functions join it, with which permissions, and the endpoints that they reach AWS by."""

import json
from pathlib import Path

import pulumi
import pytest

from tests.infra.functions import FUNCTIONS, lambda_function
from tests.infra.policies import statements
from tests.infra.recorder import ACCOUNT_ID, Stack, run_program
from tests.support.local_stack import EXAMPLE_APP

RUN_TOOLS = ("mcp", "worker")
ENDPOINT, GROUP = "ec2/vpcEndpoint:VpcEndpoint", "ec2/securityGroup:SecurityGroup"
NETWORK = 'subnet_ids=["subnet-1", "subnet-2"], security_group_ids=["sg-1"]'


def run(folder: Path, *lines: str, app: str = EXAMPLE_APP) -> Stack:
    """Run the program with a needs file of these lines."""
    file = folder / "needs.py"
    file.write_text("\n    ".join(["def declare(needs):", *lines]) + "\n")
    return run_program({"appNeeds": str(file), "appModule": app})


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    return run(
        tmp_path_factory.mktemp("joined"),
        'needs.allow("s3:GetObject", "arn:aws:s3:::reports/*")',
        'needs.secret("TOKEN")',
        f'needs.network({NETWORK}, endpoints=True, route_table_ids=["rtb-1"], ipv6=True)',
    )


def endpoints(stack: Stack) -> dict[str, str]:
    """Return the type of the endpoint of each service."""
    return {
        each.inputs["serviceName"].rpartition("eu-central-1.")[2]: each.inputs["vpcEndpointType"]
        for each in stack.all(ENDPOINT)
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_the_functions_that_run_tools_join_the_network(joined: Stack, name: str) -> None:
    expected = {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"], "ipv6AllowedForDualStack": True}
    assert lambda_function(joined, name).inputs.get("vpcConfig") == (expected if name in RUN_TOOLS else None)


@pytest.mark.parametrize("name", RUN_TOOLS)
def test_lambda_may_manage_the_interfaces_and_the_code_of_the_function_may_not(joined: Stack, name: str) -> None:
    found = [each for each in statements(joined, f"-{name}-policy") if "ec2:CreateNetworkInterface" in each["Action"]]
    allowed, denied = found
    assert (allowed["Effect"], allowed["Resource"]) == ("Allow", ["*"])
    assert (denied["Effect"], denied["Resource"], denied["Action"]) == ("Deny", ["*"], allowed["Action"])
    assert denied["Condition"] == {"Null": {"lambda:SourceFunctionArn": "false"}}


def test_there_is_an_endpoint_for_each_service_that_the_functions_call(joined: Stack) -> None:
    assert endpoints(joined) == {
        "dynamodb": "Gateway",
        "s3": "Gateway",
        "lambda": "Interface",
        "secretsmanager": "Interface",
    }


def test_gateways_are_routes_and_interfaces_are_for_the_functions_alone(joined: Stack) -> None:
    by_kind = {each.inputs["vpcEndpointType"]: each.inputs for each in joined.all(ENDPOINT)}
    assert by_kind["Gateway"]["routeTableIds"] == ["rtb-1"]
    interface, group = by_kind["Interface"], joined.one(GROUP, "-endpoints")
    assert interface["subnetIds"] == ["subnet-1", "subnet-2"]
    assert interface["securityGroupIds"] == [f"{group.name}-id"]
    assert (interface["privateDnsEnabled"], interface["ipAddressType"]) == (True, "dualstack")
    [rule] = group.inputs["ingress"]
    assert (rule["protocol"], rule["fromPort"], rule["toPort"], rule["securityGroups"]) == ("tcp", 443, 443, ["sg-1"])
    assert "egress" not in group.inputs


def test_only_principals_of_the_account_pass_and_the_route_to_s3_stays_open_for_others(joined: Stack) -> None:
    for each in joined.all(ENDPOINT):
        if each.inputs["serviceName"].endswith(".s3"):
            assert "policy" not in each.inputs
        else:
            [statement] = json.loads(each.inputs["policy"])["Statement"]
            assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT_ID}}


@pytest.mark.parametrize("name", RUN_TOOLS)
def test_a_function_waits_for_the_endpoints(joined: Stack, name: str) -> None:
    waits = joined.options_of(lambda_function(joined, name)).dependencies
    assert {joined.options_of(each).urn for each in joined.all(ENDPOINT)} <= waits


@pytest.mark.slow
def test_those_that_are_named_are_made_and_no_others(tmp_path: Path) -> None:
    stack = run(tmp_path, f'needs.network({NETWORK}, endpoints=["rds-data", "ecr.api"])')
    assert endpoints(stack) == {"rds-data": "Interface", "ecr.api": "Interface"}


@pytest.mark.slow
def test_a_function_of_its_own_needs_no_table(tmp_path: Path) -> None:
    stack = run(
        tmp_path,
        'billing = needs.function("billing")',
        'billing.environment("LEDGER", "books")',
        'billing.secret("KEY", arn="arn:aws:ssm:eu-central-1:123456789012:parameter/key")',
        f"billing.network({NETWORK}, endpoints=True)",
        app="tests.e2e.functions_app",
    )
    assert endpoints(stack) == {"ssm": "Interface"}
    assert lambda_function(stack, "mcp").inputs.get("vpcConfig") is None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([f"needs.network({NETWORK}, endpoints=True)"], "network: the endpoint of dynamodb is a route; name the route"),
        ([f'needs.network({NETWORK}, endpoints="lambda")'], "needs.network: endpoints is 'lambda'; allowed: True"),
        ([f'needs.network({NETWORK}, endpoints=["Lambda"])'], "needs.network: endpoints has 'Lambda'; allowed: True"),
        (
            [
                f'needs.network({NETWORK}, endpoints=["lambda"])',
                f'needs.function("billing").network({NETWORK}, endpoints=["ssm"])',
            ],
            "network: endpoints serve a whole VPC; ask for them in one call",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_file_and_the_member(tmp_path: Path, lines: list[str], told: str) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        run(tmp_path, *lines)
    assert "needs.py" in str(refusal.value)
    assert told in str(refusal.value)
