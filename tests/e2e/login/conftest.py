"""A user, and two clients."""

import pytest

from tests.e2e.conftest import Server
from tests.e2e.login.client import LoginClient
from tests.support.user_browser import User


@pytest.fixture
def alice(server: Server) -> User:
    """Alice at a browser that has never been anywhere."""
    return User(server.url)


@pytest.fixture
def client(server: Server) -> LoginClient:
    """A public client."""
    return LoginClient.new(server)


@pytest.fixture
def confidential(server: Server) -> LoginClient:
    """A client with a secret."""
    return LoginClient.new(server, token_endpoint_auth_method="client_secret_basic")
