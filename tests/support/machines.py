"""A machine client and its tokens."""

from collections.abc import Callable
from typing import Any

from admin.initial_tokens import add_initial_token
from runtime.oauth.credentials import new_credential
from runtime.records.oauth import InitialTokenStore
from tests.unit.conftest import Send, basic


def headers(client: dict[str, Any]) -> dict[str, str]:
    """Return the headers of the client's authentication."""
    return basic(client["client_id"], client["client_secret"])


def issue(send: Send, client: dict[str, Any]) -> str:
    """Get an access token for the client."""
    form = {"grant_type": "client_credentials"}
    return str(send("POST", "/token", form=form, headers=headers(client))["json"]["access_token"])


def invite(tokens: InitialTokenStore, clock: Callable[[], float]) -> str:
    """Store an initial access token that is valid for a day, and return it."""
    token = new_credential()
    add_initial_token(tokens, token, 1, clock)
    return token
