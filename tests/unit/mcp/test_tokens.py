"""The endpoint itself refuses an expired access token."""

from collections.abc import Callable

import pytest

from tests.unit.conftest import NOW, PUBLIC_URL, Clock
from tests.unit.mcp.conftest import Server, caller, result

METADATA = f'resource_metadata="{PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"'


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve()


def test_a_token_that_expires_while_its_verdict_is_cached_is_refused(server: Server, clock: Clock) -> None:
    """RFC 6750 3.1, invalid_token: API Gateway can reuse a verdict beyond the expiry of the token."""
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
