"""An authorization server where users sign in, and a client that they have approved."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.storage.grants import DynamoDBGrants
from tests.support.users import redeem, register, store_grant
from tests.unit.conftest import Send


@pytest.fixture
def send(send_to: Callable[..., Send]) -> Send:
    return send_to(interactive=True)


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    return register(send)


@pytest.fixture
def first(send: Send, grants: DynamoDBGrants, client: dict[str, Any]) -> str:
    """The first refresh token of a grant."""
    return str(redeem(send, client, store_grant(grants, client))["json"]["refresh_token"])
