"""A machine client and its tokens, for the tests of what becomes of them."""

from typing import Any

from tests.unit.conftest import Send, basic


def headers(client: dict[str, Any]) -> dict[str, str]:
    """The client's authentication."""
    return basic(client["client_id"], client["client_secret"])


def issue(send: Send, client: dict[str, Any]) -> str:
    """An access token of the client."""
    form = {"grant_type": "client_credentials"}
    return str(send("POST", "/token", form=form, headers=headers(client))["json"]["access_token"])
