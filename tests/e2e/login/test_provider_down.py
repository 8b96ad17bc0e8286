"""While the identity provider is down: a page says so, and what was given out before goes on."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from local.processes import stop
from local.servers import PROVIDER
from local.stack import find_running
from tests.e2e.conftest import Server
from tests.e2e.login.client import LoginClient
from tests.support.local_stack import LocalStack
from tests.support.user_browser import User

pytestmark = pytest.mark.stack


@pytest.fixture
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A stack of its own, whose provider can be stopped."""
    directory: Path = tmp_path_factory.mktemp("fragile") / "stack"
    with LocalStack(directory, config={"authorizerCacheSeconds": "1"}) as stack:
        yield Server(stack.outputs["url"], directory)


def test_a_provider_that_is_down_stops_new_logins_and_nothing_else(fragile: Server) -> None:
    client, alice = LoginClient.new(fragile), User(fragile.url)
    tokens = client.tokens(alice.authorize(client.url())["code"])
    at_provider = alice.decide(alice.open(client.url(prompt="consent")), "approve")
    stop(find_running(fragile.directory).processes[PROVIDER])
    [state] = parse_qs(urlsplit(at_provider.url).query)["state"]
    page = alice.open(f"{fragile.url}/callback?code=x&state={state}")
    assert (page.status, "<p>The identity provider is unavailable" in page.text) == (503, True)
    assert client.whoami(tokens["access_token"])["subject"] == "alice"
    fresh = client.refresh(tokens["refresh_token"]).json()
    assert client.whoami(fresh["access_token"])["subject"] == "alice"
    assert client.client_id in alice.open(f"{fragile.url}/account").text
