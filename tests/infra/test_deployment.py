"""Tests that the REST API gets a new deployment exactly when something in the snapshot changes."""

from collections.abc import Callable
from typing import Any

import pytest

from components import gateway_responses
from components.gateway_responses import RESPONSES
from components.server import entrance, service
from runtime.routes import ROUTES, Route
from tests.infra.recorder import DISTRIBUTION, REGION, Stack, run_program

# Each test runs the program.
pytestmark = pytest.mark.slow
# A few routes stand for all: what a deployment depends on does not depend on how many there are.
FEW = (ROUTES[0], ROUTES[2], ROUTES[-1])


def set_routes(patch: pytest.MonkeyPatch, routes: tuple[Route, ...]) -> None:
    for module in (entrance, service):
        patch.setattr(module, "ROUTES", routes)


@pytest.fixture(autouse=True)
def few_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    set_routes(monkeypatch, FEW)


@pytest.fixture(scope="module")
def small() -> Stack:
    """The stack ``dev`` with few routes."""
    with pytest.MonkeyPatch.context() as patch:
        set_routes(patch, FEW)
        return run_program()


def deployed(stack: Stack) -> str:
    return str(stack.one("apigateway/deployment:Deployment").inputs["triggers"]["sha256"])


def test_the_deployment_comes_after_all_that_it_takes_a_snapshot_of(stack: Stack) -> None:
    kinds = [resource.type for resource in stack.declared]
    deployment = kinds.index("aws:apigateway/deployment:Deployment")
    snapshot = ("Method", "MethodResponse", "Integration", "IntegrationResponse", "Authorizer", "Response")
    late = [kind for kind in kinds[deployment:] if kind.rpartition(":")[2] in snapshot and ":apigateway/" in kind]
    assert late == []


def test_the_stage_opens_after_the_permissions_to_invoke_what_is_behind_it(stack: Stack) -> None:
    """A function that API Gateway may not invoke is a 500."""
    stage = stack.one("apigateway/stage:Stage")
    awaited = {urn.rpartition("::")[2] for urn in stack.options_of(stage).dependencies if ":Permission::" in urn}
    permissions = {permission.name for permission in stack.all("lambda/permission:Permission")}
    assert awaited == permissions


def test_running_again_does_not_deploy_again(small: Stack) -> None:
    assert deployed(run_program()) == deployed(small)


@pytest.mark.parametrize(
    ("key", "value"),
    [("memorySize", "1024"), ("throttleBurstLimit", "5"), ("tags", '{"a": "b"}'), ("logLevel", "DEBUG")],
)
def test_what_is_not_in_the_snapshot_does_not_deploy_again(small: Stack, key: str, value: str) -> None:
    assert deployed(run_program({key: value})) == deployed(small)


@pytest.mark.parametrize(
    "config",
    [
        {"authorizerCacheSeconds": "61"},
        {"edge": "external", "publicUrl": "https://mcp.example.com"},
        # The same URL as with the distribution, so only whether a key is needed differs.
        {"edge": "external", "publicUrl": f"https://{DISTRIBUTION}"},
        {"scopes": '{"other": "Other"}'},
        {"scopes": '{"mcp": "Use", "other": "Other"}'},
    ],
    ids=str,
)
def test_a_changed_authorizer_or_challenge_deploys_again(small: Stack, config: dict[str, str]) -> None:
    assert deployed(run_program(config)) != deployed(small)


def test_closing_the_endpoint_of_the_api_deploys_again_even_at_the_same_url() -> None:
    """API Gateway, Disable the default endpoint for REST APIs: deploy the API for the change to take effect."""
    certificate = f"arn:aws:acm:{REGION}:123456789012:certificate/a1b2"
    domain = {"edge": "domain", "domainName": "mcp.example.com", "certificateArn": certificate}
    before = run_program({"edge": "external", "publicUrl": "https://mcp.example.com"})
    after = run_program(domain)
    assert before.outputs["url"] == after.outputs["url"]
    assert deployed(before) != deployed(after)


def added(table: tuple[Route, ...]) -> tuple[Route, ...]:
    return (*table, Route("GET", "/health", "oauth", None, protected=False))


def removed(table: tuple[Route, ...]) -> tuple[Route, ...]:
    return table[:-1]


def moved(table: tuple[Route, ...]) -> tuple[Route, ...]:
    return (*table[:-1], table[-1]._replace(function="mcp"))


def protected(table: tuple[Route, ...]) -> tuple[Route, ...]:
    return (*table[:-1], table[-1]._replace(protected=True))


def other_method(table: tuple[Route, ...]) -> tuple[Route, ...]:
    return (*table[:-1], table[-1]._replace(method="PATCH"))


@pytest.mark.parametrize("change", [added, removed, moved, protected, other_method])
def test_a_changed_route_deploys_again(
    small: Stack, monkeypatch: pytest.MonkeyPatch, change: Callable[[tuple[Route, ...]], tuple[Route, ...]]
) -> None:
    set_routes(monkeypatch, change(FEW))
    assert deployed(run_program()) != deployed(small)


@pytest.mark.parametrize("change", [{"status": 418}, {"error": "other"}, {"description": "Other."}])
def test_a_changed_gateway_response_deploys_again(
    small: Stack, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    monkeypatch.setattr(gateway_responses, "RESPONSES", (*RESPONSES[:-1], RESPONSES[-1]._replace(**change)))
    assert deployed(run_program()) != deployed(small)
