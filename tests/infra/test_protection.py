"""Tests of what ``pulumi destroy`` deletes, and of what it refuses to delete."""

import pytest

from tests.infra.recorder import Stack

PROTECTED = {"dynamodb/table:Table", "secretsmanager/secret:Secret", "apigateway/restApi:RestApi"}
# Deleting the API deletes these with it.
PARTS = {
    f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}"
    for kind in (
        "Authorizer",
        "Deployment",
        "Integration",
        "IntegrationResponse",
        "Method",
        "MethodResponse",
        "MethodSettings",
        "Resource",
        "Response",
        "Stage",
    )
}


def protected(stack: Stack) -> set[str]:
    return {
        f"{resource.type.removeprefix('aws:')} {resource.name}"
        for resource in stack.declared
        if stack.options_of(resource).protect
    }


def test_with_deletion_protection_destroy_stops_at_what_holds_data_or_is_known_to_clients(custom_stack: Stack) -> None:
    """The engine checks this before it deletes anything."""
    assert protected(custom_stack) == {
        "apigateway/restApi:RestApi remote-mcp-prod-endpoint",
        "cloudwatch/logGroup:LogGroup remote-mcp-prod-audit",
        "dynamodb/table:Table remote-mcp-prod-store",
        "kms/key:Key remote-mcp-prod-key",
        "s3/bucket:Bucket remote-mcp-prod-trail",
        "secretsmanager/secret:Secret remote-mcp-prod-signing-key",
        "secretsmanager/secret:Secret remote-mcp-prod-upstream-secret",
    }


def test_without_it_destroy_stops_at_nothing(stack: Stack) -> None:
    assert protected(stack) == set()


@pytest.mark.parametrize(("name", "on"), [("stack", False), ("custom_stack", True)])
def test_the_audit_log_refuses_deletion_or_is_told_not_to(name: str, on: bool, request: pytest.FixtureRequest) -> None:
    """Left out, an earlier protection would stay."""
    groups = request.getfixturevalue(name).all("cloudwatch/logGroup:LogGroup")
    settings = {group.name.rpartition("-")[2]: group.inputs.get("deletionProtectionEnabled") for group in groups}
    assert settings.pop("audit") is on
    assert set(settings.values()) == {None}


def test_the_parts_of_the_api_are_deleted_with_it_and_nothing_else_is(stack: Stack) -> None:
    [api] = [urn for urn in stack.urns if urn.endswith("::remote-mcp-dev-endpoint") and "restApi:RestApi" in urn]
    with_it = {resource.type for resource in stack.declared if stack.options_of(resource).deleted_with}
    assert {stack.options_of(resource).deleted_with for resource in stack.declared} == {"", api}
    assert with_it == PARTS
    for resource in stack.declared:
        assert bool(stack.options_of(resource).deleted_with) is (resource.type in PARTS), resource.name
