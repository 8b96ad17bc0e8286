"""A stack of its own, whose roles these tests change."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Server
from tests.e2e.privilege.world import World
from tests.support.local_stack import LocalStack

CONFIG = {
    "appModule": "tests.e2e.privilege.app",
    "registrationsPerHour": "1000000",
    "authorizationsPerMinute": "1000000",
    # A probe of the account page revokes, and the next one has tokens of its own.
    "authorizerCacheSeconds": "1",
}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Start the stack."""
    directory = tmp_path_factory.mktemp("privilege") / "stack"
    with LocalStack(directory, config=CONFIG) as stack, pytest.MonkeyPatch.context() as patch:
        # The stores that run in this process make a client, which needs a region, before they get the one of a role.
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        yield World(stack, Server(stack.outputs["url"], stack.directory))
