"""A machine client and its tokens."""

from typing import Any

from tests.unit.conftest import Send, basic


def headers(client: dict[str, Any]) -> dict[str, str]:
    """Return the headers of the client's authentication."""
    return basic(client["client_id"], client["client_secret"])


def issue(send: Send, client: dict[str, Any]) -> str:
    """Get an access token for the client."""
    form = {"grant_type": "client_credentials"}
    return str(send("POST", "/token", form=form, headers=headers(client))["json"]["access_token"])
