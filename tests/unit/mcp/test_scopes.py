"""Scopes of tools, resources and prompts, and the error for a caller without them."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest

from runtime.authoring import header, tool
from tests.unit.conftest import PUBLIC_URL
from tests.unit.mcp.conftest import Server, caller, result, text
from tests.unit.mcp.features import FEATURES


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(*FEATURES)


def test_a_tool_is_neither_listed_nor_run_without_its_scopes(server: Server) -> None:
    """2026-07-28, Authorization, Scope Challenge Handling."""
    names = [tool["name"] for tool in result(server.modern("tools/list"))["tools"]]
    assert "administer" not in names
    answer = server.modern("tools/call", {"name": "administer"})
    assert answer["statusCode"] == 403
    assert answer["json"]["error"]["data"] == {"requiredScopes": ["mcp:admin", "mcp:write"]}
    assert answer["headers"]["WWW-Authenticate"] == (
        'Bearer error="insufficient_scope", scope="mcp:admin mcp:write", '
        f'resource_metadata="{PUBLIC_URL}/.well-known/oauth-protected-resource/mcp", '
        'error_description="the access token lacks a scope that this needs"'
    )
    admin = caller(scope="mcp mcp:admin mcp:write")
    assert text(server.modern("tools/call", {"name": "administer"}, authorizer=admin)) == "done"
    assert "administer" in [tool["name"] for tool in result(server.modern("tools/list", authorizer=admin))["tools"]]


@tool(scopes=["mcp:admin"])
def secluded(region: Annotated[str, header("Region")]) -> str:
    """Be routed, for administrators."""
    return region


def test_a_caller_without_the_scopes_learns_nothing_from_the_headers(serve: Callable[..., Server]) -> None:
    server = serve(secluded)
    arguments = {"name": "secluded", "arguments": {"region": "eu"}}
    assert server.modern("tools/call", arguments)["statusCode"] == 403
    assert server.modern("tools/call", arguments, authorizer=caller(scope="mcp:admin"))["statusCode"] == 400


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("resources/read", {"uri": "test://secret"}),
        ("prompts/get", {"name": "confess"}),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "confess"}}),
        ("completion/complete", {"ref": {"type": "ref/resource", "uri": "test://secret"}}),
        ("resources/subscribe", {"uri": "test://secret"}),
    ],
    ids=["resource", "prompt", "completion-prompt", "completion-resource", "subscription"],
)
def test_resources_and_prompts_need_their_scopes_as_tools_do(
    server: Server, method: str, params: dict[str, Any]
) -> None:
    """2026-07-28, Authorization, Scope Challenge Handling, and RFC 6750 3.1."""
    if method == "completion/complete":
        params = {**params, "argument": {"name": "sin", "value": ""}}
    answers = [server.legacy(method, params)]
    if method != "resources/subscribe":
        answers.append(server.modern(method, params))
    for answer in answers:
        assert answer["statusCode"] == 403
        assert 'error="insufficient_scope", scope="mcp:admin", resource_m' in answer["headers"]["WWW-Authenticate"]
    assert server.legacy(method, params, authorizer=caller(scope="mcp:admin"))["statusCode"] == 200


def test_resources_and_prompts_are_not_listed_without_their_scopes(server: Server) -> None:
    assert "confess" not in [shown["name"] for shown in result(server.modern("prompts/list"))["prompts"]]
    admin = caller(scope="mcp:admin")
    listed = result(server.modern("prompts/list", authorizer=admin))["prompts"]
    assert "confess" in [shown["name"] for shown in listed]
    resources = result(server.legacy("resources/list", authorizer=admin))["resources"]
    assert "test://secret" in [shown["uri"] for shown in resources]
