"""Tests of the REST API: its routes, the gateway responses and the stage."""

import json
import re
from typing import Any

import pytest

from components.gateway_responses import RESPONSES, GatewayResponse, challenge
from components.methods import paths
from runtime.routes import ROUTES, Route
from tests.infra.functions import environment
from tests.infra.recorder import DISTRIBUTION, Stack, arn

URL = f"https://{DISTRIBUTION}"
PATHS = sorted({route.path for route in ROUTES})
PAGES = {route.path for route in ROUTES if route.page}


def resource_ids(stack: Stack) -> dict[str, str]:
    """Return the resource id of each path."""
    pending = {f"{resource.name}-id": resource.inputs for resource in stack.all("apigateway/resource:Resource")}
    found: dict[str, str] = {}
    parents = {"root": ""}
    while pending:
        for identity, inputs in list(pending.items()):
            if inputs["parentId"] in parents:
                parents[identity] = f"{parents[inputs['parentId']]}/{inputs['pathPart']}"
                found[parents[identity]] = identity
                del pending[identity]
    return found


def of_path(stack: Stack, kind: str, path: str) -> dict[str, dict[str, Any]]:
    """Return the inputs of each resource of ``kind`` on ``path``, by HTTP method."""
    identity = resource_ids(stack)[path]
    return {
        resource.inputs["httpMethod"]: dict(resource.inputs)
        for resource in stack.all(kind)
        if resource.inputs["resourceId"] == identity
    }


def methods(stack: Stack, path: str) -> dict[str, dict[str, Any]]:
    return of_path(stack, "apigateway/method:Method", path)


def integrations(stack: Stack, path: str) -> dict[str, dict[str, Any]]:
    return of_path(stack, "apigateway/integration:Integration", path)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_has_the_methods_of_its_routes_and_any_and_unless_it_is_a_page_options(stack: Stack, path: str) -> None:
    declared = {route.method for route in ROUTES if route.path == path}
    expected = declared | {"ANY"} | (set() if path in PAGES else {"OPTIONS"})
    assert set(methods(stack, path)) == set(integrations(stack, path)) == expected


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_protected_as_the_route_table_says_whatever_the_method(stack: Stack, path: str) -> None:
    [protected] = {route.protected for route in ROUTES if route.path == path}
    for method, inputs in methods(stack, path).items():
        if method != "OPTIONS" and protected:
            assert (inputs["authorization"], inputs["authorizerId"]) == ("CUSTOM", "remote-mcp-dev-api-authorizer-id")
        else:
            assert inputs["authorization"] == "NONE"
            assert "authorizerId" not in inputs


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_served_by_the_function_of_the_route_table(stack: Stack, path: str) -> None:
    [function] = {route.function for route in ROUTES if route.path == path}
    for method, inputs in integrations(stack, path).items():
        if method != "OPTIONS":
            assert inputs["type"] == "AWS_PROXY"
            assert inputs["integrationHttpMethod"] == "POST"
            assert inputs["uri"] == arn("Function", f"remote-mcp-dev-{function}") + ":live/invocations"


@pytest.mark.parametrize("path", sorted(set(PATHS) - PAGES))
def test_a_preflight_is_answered_204_without_invoking_anything(stack: Stack, path: str) -> None:
    integration = integrations(stack, path)["OPTIONS"]
    assert integration["type"] == "MOCK"
    assert json.loads(integration["requestTemplates"]["application/json"]) == {"statusCode": 204}
    answer = of_path(stack, "apigateway/integrationResponse:IntegrationResponse", path)["OPTIONS"]
    assert answer["statusCode"] == "204"
    assert answer["responseParameters"] == {
        "method.response.header.Access-Control-Allow-Origin": "'*'",
        "method.response.header.Access-Control-Allow-Headers": "'*, Authorization'",
        "method.response.header.Access-Control-Allow-Methods": "'"
        + ", ".join(route.method for route in ROUTES if route.path == path)
        + "'",
        "method.response.header.Access-Control-Max-Age": "'86400'",
    }
    declared = of_path(stack, "apigateway/methodResponse:MethodResponse", path)["OPTIONS"]
    assert declared["responseParameters"] == dict.fromkeys(answer["responseParameters"], True)


@pytest.mark.parametrize("path", PATHS)
def test_behind_the_distribution_every_method_needs_its_key_and_nowhere_else(
    stack: Stack, custom_stack: Stack, path: str
) -> None:
    assert {inputs["apiKeyRequired"] for inputs in methods(stack, path).values()} == {True}
    assert {inputs["apiKeyRequired"] for inputs in methods(custom_stack, path).values()} == {False}


def test_a_request_that_goes_around_the_edge_is_a_403_without_a_challenge(stack: Stack) -> None:
    refused = responses(stack)["INVALID_API_KEY"]
    assert refused["statusCode"] == "403"
    assert "gatewayresponse.header.WWW-Authenticate" not in refused["responseParameters"]


def test_nothing_is_served_that_is_not_in_the_route_table(stack: Stack) -> None:
    served = {path for path in resource_ids(stack) if methods(stack, path)}
    assert served == set(PATHS)


def test_routes_of_one_path_that_disagree_are_refused() -> None:
    mixed = [Route("GET", "/x", "mcp", None, protected=True), Route("PUT", "/x", "mcp", None, protected=False)]
    with pytest.raises(ValueError, match="the routes of /x must have the same function, the same"):
        paths(mixed)


def test_the_authorizer_is_asked_once_per_token_and_cache_time(stack: Stack, custom_stack: Stack) -> None:
    inputs = stack.one("apigateway/authorizer:Authorizer").inputs
    assert inputs["type"] == "REQUEST"
    assert inputs["identitySource"] == "method.request.header.Authorization"
    assert inputs["authorizerUri"] == arn("Function", "remote-mcp-dev-authorizer") + ":live/invocations"
    assert inputs["authorizerResultTtlInSeconds"] == 60
    assert custom_stack.one("apigateway/authorizer:Authorizer").inputs["authorizerResultTtlInSeconds"] == 300


def responses(stack: Stack) -> dict[str, dict[str, Any]]:
    return {
        resource.inputs["responseType"]: dict(resource.inputs) for resource in stack.all("apigateway/response:Response")
    }


def www_authenticate(stack: Stack, response_type: str) -> str:
    value = responses(stack)[response_type]["responseParameters"]["gatewayresponse.header.WWW-Authenticate"]
    quoted = re.fullmatch("'(.*)'", value)
    assert quoted, value
    return quoted[1]


def test_a_request_without_a_token_is_challenged(stack: Stack) -> None:
    assert responses(stack)["UNAUTHORIZED"]["statusCode"] == "401"
    assert (
        www_authenticate(stack, "UNAUTHORIZED")
        == f'Bearer resource_metadata="{URL}/.well-known/oauth-protected-resource/mcp", scope="mcp"'
    )


def test_a_denied_token_gets_the_challenge_that_the_authorizer_returns_and_is_named_invalid(stack: Stack) -> None:
    """A resource policy's refusal has the same type. No login can mend it, so it must have no challenge."""
    denied = responses(stack)["ACCESS_DENIED"]
    assert denied["statusCode"] == "401"
    challenge = denied["responseParameters"]["gatewayresponse.header.WWW-Authenticate"]
    assert challenge == "context.authorizer.wwwAuthenticate"
    variables = environment(stack, "authorizer")
    assert variables["CHALLENGE"] == www_authenticate(stack, "UNAUTHORIZED") + ', error="invalid_token"'


def test_the_challenge_follows_the_public_url_and_the_challenge_scopes(custom_stack: Stack) -> None:
    assert www_authenticate(custom_stack, "UNAUTHORIZED") == challenge("https://mcp.example.com", ["mcp:read"])


@pytest.mark.parametrize("response", RESPONSES, ids=lambda response: response.response_type)
def test_a_gateway_response_is_json_that_pages_of_any_origin_can_read(stack: Stack, response: GatewayResponse) -> None:
    inputs = responses(stack)[response.response_type]
    assert json.loads(inputs["responseTemplates"]["application/json"]) == {
        "error": response.error,
        "error_description": response.description,
        "request_id": "$context.requestId",
    }
    headers = inputs["responseParameters"]
    assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    assert headers["gatewayresponse.header.Access-Control-Expose-Headers"] == "'WWW-Authenticate, Retry-After'"


def test_only_the_401s_carry_a_challenge_and_so_no_refusal_that_no_login_can_mend(stack: Stack) -> None:
    for kind, inputs in responses(stack).items():
        challenged = "gatewayresponse.header.WWW-Authenticate" in inputs["responseParameters"]
        assert challenged == (inputs.get("statusCode") == "401"), kind


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("THROTTLED", "429"),
        # A function beyond its concurrency, and an authorizer, of which no document says which of the two types it is.
        ("INTEGRATION_FAILURE", "503"),
        ("AUTHORIZER_FAILURE", "503"),
        ("AUTHORIZER_CONFIGURATION_ERROR", "503"),
    ],
)
def test_what_is_throttled_tells_when_to_try_again(stack: Stack, kind: str, status: str) -> None:
    """RFC 9110 10.2.3."""
    inputs = responses(stack)[kind]
    assert inputs["statusCode"] == status
    assert re.fullmatch("'[1-9]'", inputs["responseParameters"]["gatewayresponse.header.Retry-After"])
    assert json.loads(inputs["responseTemplates"]["application/json"])["error"] == "temporarily_unavailable"


def test_an_unknown_path_is_not_found(stack: Stack) -> None:
    for kind in ("MISSING_AUTHENTICATION_TOKEN", "INVALID_SIGNATURE", "RESOURCE_NOT_FOUND"):
        assert responses(stack)[kind]["statusCode"] == "404"


def test_the_responses_for_everything_else_keep_the_status_that_api_gateway_chose(stack: Stack) -> None:
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        assert "statusCode" not in responses(stack)[kind]


def test_the_api_is_regional_and_takes_no_binary_bodies(stack: Stack) -> None:
    inputs = stack.one("apigateway/restApi:RestApi").inputs
    assert inputs["endpointConfiguration"] == {"types": "REGIONAL"}
    assert "binaryMediaTypes" not in inputs


def test_the_stage_is_throttled(stack: Stack, custom_stack: Stack) -> None:
    default, custom = (each.one("apigateway/methodSettings:MethodSettings").inputs for each in (stack, custom_stack))
    assert default["methodPath"] == "*/*"
    assert (default["settings"]["throttlingRateLimit"], default["settings"]["throttlingBurstLimit"]) == (500, 1000)
    assert (custom["settings"]["throttlingRateLimit"], custom["settings"]["throttlingBurstLimit"]) == (12.5, 25)


def test_the_stage_logs_one_json_line_per_request_without_tokens_or_bodies(stack: Stack) -> None:
    settings = stack.one("apigateway/stage:Stage").inputs["accessLogSettings"]
    assert settings["destinationArn"] == arn("LogGroup", "remote-mcp-dev-api-access-logs")
    variables = set(json.loads(settings["format"]).values())
    assert {"$context.requestId", "$context.status"} <= variables
    assert all(re.fullmatch(r"\$context\.[A-Za-z.]+", variable) for variable in variables)
    assert stack.one("cloudwatch/logGroup:LogGroup", "access-logs").inputs["retentionInDays"] == 7


def test_the_access_log_holds_nothing_that_the_authorizer_tells_the_mcp_function(stack: Stack) -> None:
    """The authorizer's context contains keys. The log may contain only the client and the user."""
    written = stack.one("apigateway/stage:Stage").inputs["accessLogSettings"]["format"]
    assert set(re.findall(r"authorizer[A-Za-z.]*", written)) == {"authorizer.clientId", "authorizer.subject"}


def test_the_access_log_tells_the_client_from_whom_it_acts_for(stack: Stack) -> None:
    """The names are those of the authorizer's context."""
    members = json.loads(stack.one("apigateway/stage:Stage").inputs["accessLogSettings"]["format"])
    assert members["clientId"] == "$context.authorizer.clientId"
    assert members["subject"] == "$context.authorizer.subject"


def test_api_gateway_writes_no_log_of_what_passes_through_it(stack: Stack, custom_stack: Stack) -> None:
    for each in (stack, custom_stack):
        settings = each.one("apigateway/methodSettings:MethodSettings").inputs["settings"]
        assert (settings["loggingLevel"], settings["dataTraceEnabled"]) == ("OFF", False)


def test_the_role_for_access_logs_is_set_for_the_account_only_when_told_so(stack: Stack, custom_stack: Stack) -> None:
    assert not list(stack.all("apigateway/account:Account"))
    account = custom_stack.one("apigateway/account:Account")
    assert account.inputs["cloudwatchRoleArn"] == arn("Role", "remote-mcp-prod-gateway")
