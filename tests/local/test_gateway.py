"""Tests of the emulator's API Gateway, where ``local.emulator`` makes it as unkind as that of AWS."""

import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
import urllib3

from local.aws import Aws
from local.deployment import Deployment
from local.state import State
from tests.local.conftest import Apply
from tests.local.test_deployment import FUNCTION, ROLE, TRUST

CODE = """
import json

def handler(event, context):
    headers = {"WWW-Authenticate": "Basic", "date": "yesterday", "Via": "1.1 function", "X-Other": "1"}
    return {"statusCode": 401, "headers": headers, "body": json.dumps(event)}

def authorizer(event, context):
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    seen = event["requestContext"]["identity"]["sourceIp"]
    return {"principalId": "me", "policyDocument": policy, "context": {"seen": seen}}
"""
CHALLENGE = "'Bearer scope=\"mcp\"'"


class Gateway:
    """An API with one method at its root, which needs an authorizer and a key, on the stage ``test``."""

    def __init__(self, aws: Aws, apply: Apply, deployment: Deployment, code: pulumi.FileArchive) -> None:
        self._aws = aws
        _, outputs = apply(deployment, ROLE, "gateway", assumeRolePolicy=TRUST)
        function = {"role": outputs["arn"], "code": code, "runtime": "python3.11"}
        arns = {
            name: apply(deployment, FUNCTION, name, handler=f"echo.{name}", **function)[1]["invokeArn"]
            for name in ("handler", "authorizer")
        }
        self.api, api = apply(deployment, "aws:apigateway/restApi:RestApi", "gateway")
        authorizer, _ = apply(
            deployment,
            "aws:apigateway/authorizer:Authorizer",
            "gateway",
            restApi=self.api,
            type="REQUEST",
            identitySource="method.request.header.Authorization",
            authorizerUri=arns["authorizer"],
        )
        method = {"restApi": self.api, "resourceId": api["rootResourceId"], "httpMethod": "GET"}
        protected = {"authorization": "CUSTOM", "authorizerId": authorizer, "apiKeyRequired": True}
        apply(deployment, "aws:apigateway/method:Method", "gateway", **method, **protected)
        integration = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": arns["handler"]}
        apply(deployment, "aws:apigateway/integration:Integration", "gateway", **method, **integration)
        apply(
            deployment,
            "aws:apigateway/response:Response",
            "gateway",
            restApiId=self.api,
            responseType="UNAUTHORIZED",
            responseParameters={"gatewayresponse.header.WWW-Authenticate": CHALLENGE},
        )
        snapshot, _ = apply(deployment, "aws:apigateway/deployment:Deployment", "gateway", restApi=self.api)
        stage = {"restApi": self.api, "deployment": snapshot, "stageName": "test"}
        apply(deployment, "aws:apigateway/stage:Stage", "gateway", **stage)

    def make_key(self) -> str:
        """Create a key that the stage accepts, and return its value."""
        client = self._aws.client("apigateway")
        key = client.create_api_key(name="edge", enabled=True)
        plan = client.create_usage_plan(name="edge", apiStages=[{"apiId": self.api, "stage": "test"}])
        client.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
        return str(key["value"])

    def get(self, path: str = "/test", **headers: str) -> urllib3.BaseHTTPResponse:
        host = {"Host": f"{self.api}.execute-api.localhost:{self._aws.port}"}
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | host
        return urllib3.request("GET", f"http://127.0.0.1:{self._aws.port}{path}", headers=sent, retries=False)


@pytest.fixture(scope="module")
def gateway(emulator: int, tmp_path_factory: pytest.TempPathFactory, apply: Apply) -> Iterator[Gateway]:
    directory = tmp_path_factory.mktemp("gateway")
    archive = directory / "code.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("echo.py", CODE)
    aws = Aws(emulator, "eu-central-1")
    state = State(directory, 0, emulator, aws.region)
    yield Gateway(aws, apply, Deployment(aws, state), pulumi.FileArchive(str(archive)))
    Deployment(aws, state).prune()


@pytest.fixture(scope="module")
def key(gateway: Gateway) -> str:
    return gateway.make_key()


def event(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
    return dict(json.loads(answer.data))


def test_the_headers_of_a_function_are_renamed_or_dropped_as_aws_does(gateway: Gateway, key: str) -> None:
    """API Gateway, Developer Guide, Important notes for REST APIs."""
    answer = gateway.get(authorization="Bearer a", x_api_key=key)
    assert answer.status == 401
    assert answer.headers["x-amzn-Remapped-WWW-Authenticate"] == "Basic"
    assert answer.headers["x-amzn-Remapped-date"] == "yesterday"
    assert answer.headers["X-Other"] == "1"
    assert {"www-authenticate", "via"}.isdisjoint(name.lower() for name in answer.headers)


def test_the_headers_of_a_gateway_response_stay_as_they_are(gateway: Gateway, key: str) -> None:
    answer = gateway.get(x_api_key=key)
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer scope="mcp"'


def test_headers_that_api_gateway_keeps_to_itself_reach_no_function(gateway: Gateway, key: str) -> None:
    kept = {"content_md5": "x", "max_forwards": "1", "www_authenticate": "x", "proxy_authenticate": "x", "server": "x"}
    seen = event(gateway.get(authorization="Bearer a", x_api_key=key, x_other="1", **kept))
    for part in (seen["headers"], seen["multiValueHeaders"]):
        assert part["x-other"] in ("1", ["1"])
        assert {name.replace("_", "-") for name in kept}.isdisjoint(part)


@pytest.mark.parametrize("sent", ["203.0.113.9", "203.0.113.9, 198.51.100.1,192.0.2.1", ", ,"])
def test_what_a_client_forwards_does_not_move_its_address(gateway: Gateway, key: str, sent: str) -> None:
    """The edge appends the last address itself."""
    seen = event(gateway.get(authorization=f"Bearer {sent}", x_api_key=key, x_forwarded_for=f"{sent}, 192.0.2.7"))
    assert seen["headers"]["x-forwarded-for"] == f"{sent}, 192.0.2.7"
    assert seen["requestContext"]["identity"]["sourceIp"] == "192.0.2.7"
    assert seen["requestContext"]["authorizer"]["seen"] == "192.0.2.7"


def test_the_gateway_asks_for_a_token_first_then_the_authorizer_and_then_for_the_key(
    gateway: Gateway, key: str
) -> None:
    assert gateway.get(x_api_key="wrong").status == 401
    refused = gateway.get(authorization="Bearer a", x_api_key="wrong")
    assert (refused.status, event(refused)) == (403, {"message": "Forbidden"})
    assert gateway.get(authorization="Bearer a").status == 403


@pytest.mark.parametrize("path", ["/", "/other", "/mcp"])
def test_outside_the_stage_there_is_nothing(gateway: Gateway, path: str) -> None:
    answer = gateway.get(path)
    assert (answer.status, event(answer)) == (403, {"message": "Forbidden"})
