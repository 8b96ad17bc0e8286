"""The endpoint itself refuses an expired access token."""

from collections.abc import Callable

import pytest

from runtime.mcp.server import LEEWAY_SECONDS
from tests.unit.conftest import NOW, PUBLIC_URL, Clock
from tests.unit.mcp.conftest import Server, caller, result

METADATA = f'resource_metadata="{PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"'


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve()


def test_a_cached_decision_serves_a_token_until_it_can_have_ended_and_no_longer(server: Server, clock: Clock) -> None:
    """RFC 6750 3.1, invalid_token: the challenge of this 401 is renamed by API Gateway, so it must not come before."""
    token = {**caller(), "expiresAt": str(NOW + 10), "servedUntil": str(NOW + 70)}
    clock.now = NOW + 70
    assert result(server.legacy("ping", authorizer=token)) == {}
    clock.now += LEEWAY_SECONDS
    for answer in (server.legacy("ping", authorizer=token), server.get(token)):
        assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_token")
        assert answer["headers"]["WWW-Authenticate"] == f'Bearer error="invalid_token", {METADATA}'


@pytest.mark.parametrize("unsaid", [{"servedUntil"}, {"expiresAt", "servedUntil"}])
def test_a_decision_from_before_an_update_of_the_server_still_counts(server: Server, unsaid: set[str]) -> None:
    """One that was cached by an authorizer which did not say how long it counts."""
    before = {name: value for name, value in caller().items() if name not in unsaid}
    assert result(server.legacy("ping", authorizer=before)) == {}
