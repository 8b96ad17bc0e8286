"""What a needs file tells reaches the functions that run tools, and no other."""

import json

import pytest
from pulumi.output import Unknown

from components.needs.checks import SET_BY_PRODUCT
from tests.infra.functions import FUNCTIONS, environment, lambda_function
from tests.infra.policies import statements
from tests.infra.recorder import Stack, arn, run_program
from tests.support.local_stack import EXAMPLE_APP

NEEDS = """
import pulumi
import pulumi_aws as aws

from components.needs import Needs


def declare(needs: Needs) -> None:
    reports = aws.s3.Bucket("reports")
    needs.allow("s3:GetObject", pulumi.Output.concat(reports.arn, "/*"), {"Bool": {"aws:SecureTransport": "true"}})
    needs.environment("REPORTS_BUCKET", reports.bucket)
    needs.secret("TICKETS_TOKEN")
    needs.network(subnet_ids=needs.config("subnets"), security_group_ids=["sg-1"])
    needs.layer("arn:aws:lambda:eu-central-1:123456789012:layer:fonts:3")
    needs.memory(1024)
    needs.timeout(20)
    needs.reserve_concurrency(5)
"""
CONFIG = json.dumps({"subnets": ["subnet-1"]})
SECRET = arn("Secret", "remote-mcp-dev-app-TICKETS_TOKEN")
RUN_TOOLS = ("mcp", "worker")
OTHERS = sorted(set(FUNCTIONS) - set(RUN_TOOLS))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file that needs a bucket, a secret, a network and more."""
    path = tmp_path_factory.mktemp("app") / "needs.py"
    path.write_text(NEEDS)
    return str(path)


@pytest.fixture(scope="module")
def needing(file: str) -> Stack:
    return run_program({"appNeeds": file, "appConfig": CONFIG})


@pytest.mark.parametrize("name", RUN_TOOLS)
def test_the_functions_that_run_tools_get_what_the_app_needs(needing: Stack, name: str) -> None:
    function = lambda_function(needing, name).inputs
    assert function["memorySize"] == 1024
    assert function["timeout"] == (20 if name == "mcp" else 900)
    assert function["reservedConcurrentExecutions"] == 5
    assert function["layers"] == ["arn:aws:lambda:eu-central-1:123456789012:layer:fonts:3"]
    assert function["vpcConfig"] == {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}
    variables = environment(needing, name)
    assert variables["REPORTS_BUCKET"] == "reports"
    assert json.loads(variables["SECRETS"]) == {"TICKETS_TOKEN": SECRET}
    assert statements(needing, f"-{name}-policy")[-2:] == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": [arn("Bucket", "reports") + "/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [SECRET]},
    ]


def test_no_variable_that_the_server_sets_can_be_one_of_the_app(stack: Stack) -> None:
    told = {variable for name in RUN_TOOLS for variable in environment(stack, name)}
    assert told <= SET_BY_PRODUCT


def test_a_secret_is_made_without_a_value(needing: Stack) -> None:
    assert "TICKETS_TOKEN" in needing.one("secretsmanager/secret:Secret", "TICKETS_TOKEN").name
    assert not list(needing.all("secretsmanager/secretVersion:SecretVersion"))


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_function_gets_any_of_it(needing: Stack, stack: Stack, name: str) -> None:
    inputs = [dict(lambda_function(one, name).inputs) for one in (needing, stack)]
    with_path = [one | {"code": one["code"].path} for one in inputs]
    assert with_path[0] == with_path[1]
    assert statements(needing, f"-{name}-policy") == statements(stack, f"-{name}-policy")


def test_what_the_file_declares_is_a_child_of_the_server(needing: Stack) -> None:
    assert needing.options_of(needing.one("s3/bucket:Bucket", "reports")).parent.endswith("::remote-mcp-dev-app")
    assert any("RemoteMcpServer$remote-mcp:aws:App::remote-mcp-dev-app" in urn for urn in needing.urns)


@pytest.mark.slow
def test_a_preview_runs_before_anything_is_there(file: str) -> None:
    planned = run_program({"appNeeds": file, "appConfig": CONFIG}, preview=True)
    assert planned.one("s3/bucket:Bucket", "reports").inputs.keys() <= {"bucket"}
    function = lambda_function(planned, "mcp").inputs
    # What is known already is shown; the name of the bucket is not.
    assert environment(planned, "mcp").get("APP_MODULE") == EXAMPLE_APP
    assert isinstance(environment(planned, "mcp")["REPORTS_BUCKET"], Unknown)
    assert function["memorySize"] == 1024
