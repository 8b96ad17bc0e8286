"""What the endpoint itself answers about an access token: that its time has passed, or that it lacks a scope."""

from collections.abc import Callable

import pytest

from runtime.authoring import tool
from tests.unit.conftest import NOW, PUBLIC_URL, Clock
from tests.unit.mcp.conftest import Server, caller, result

METADATA = f'resource_metadata="{PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"'


@tool(scopes=["mcp:admin", "mcp:write"])
def administer() -> str:
    """Do what only administrators may."""
    return "done"


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(administer)


def test_a_token_that_expires_while_its_verdict_is_cached_is_refused(server: Server, clock: Clock) -> None:
    """RFC 6750 3.1, invalid_token: API Gateway reuses a verdict for longer than the token may have left."""
    token = {**caller(), "expiresAt": str(NOW + 10)}
    assert result(server.legacy("ping", authorizer=token)) == {}
    clock.now += 10
    for answer in (server.legacy("ping", authorizer=token), server.get(token)):
        assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_token")
        assert answer["headers"]["WWW-Authenticate"] == f'Bearer error="invalid_token", {METADATA}'


def test_a_verdict_from_before_an_update_of_the_server_still_counts(server: Server) -> None:
    """One that was cached by an authorizer which did not say when the token expires."""
    before = {name: value for name, value in caller().items() if name != "expiresAt"}
    assert result(server.legacy("ping", authorizer=before)) == {}


def test_a_missing_scope_is_named_with_the_place_of_the_metadata(server: Server) -> None:
    """2026-07-28, Authorization, Scope Challenge Handling: resource_metadata, for consistency with 401 responses."""
    answer = server.modern("tools/call", {"name": "administer"})
    assert answer["statusCode"] == 403
    assert answer["headers"]["WWW-Authenticate"] == (
        f'Bearer error="insufficient_scope", scope="mcp:admin mcp:write", {METADATA}'
    )
