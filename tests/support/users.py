"""Helpers for tests of users' tokens: clients that users log in to, and the grants of a login."""

from dataclasses import replace
from typing import Any

from runtime.oauth import pkce
from runtime.oauth.credentials import new_client_id
from runtime.oauth.grants.code import AuthorizationCode
from runtime.records.oauth import Grant
from runtime.storage.grants import DynamoDBGrants
from tests.support.grants import add_grant
from tests.unit.conftest import NOW, PUBLIC_URL, Send, basic

VERIFIER = "a-code-verifier-of-the-least-length-that-is"
REDIRECT_URI = "http://127.0.0.1:51234/callback"
DAY = 86_400
PUBLIC_CLIENT = {
    "client_name": "An editor",
    "redirect_uris": [REDIRECT_URI],
    "grant_types": ["authorization_code", "refresh_token"],
    "token_endpoint_auth_method": "none",
    "scope": "mcp mcp:admin",
}


def register(send: Send, **changes: Any) -> dict[str, Any]:
    """Register a client for users: a public one, unless the changes say otherwise."""
    asked = {name: value for name, value in {**PUBLIC_CLIENT, **changes}.items() if value is not None}
    return dict(send("POST", "/dcr", json=asked)["json"])


def store_grant(grants: DynamoDBGrants, client: dict[str, Any], **changes: Any) -> AuthorizationCode:
    """Store a grant as a login does, and return its code."""
    code = AuthorizationCode.new(new_client_id())
    grant = Grant(
        grant_id=code.grant_id,
        client_id=client["client_id"],
        client_name="An editor",
        subject="alice",
        scope="mcp mcp:admin",
        resource=f"{PUBLIC_URL}/mcp",
        redirect_uri=REDIRECT_URI,
        code_challenge=pkce.challenge(VERIFIER),
        code_hash=code.hash,
        code_expires_at=NOW + 60,
        created_at=NOW,
        absolute_expires_at=NOW + 90 * DAY,
        expires_at=NOW + 60,
    )
    add_grant(grants, replace(grant, **changes))
    return code


def authentication(client: dict[str, Any]) -> dict[str, Any]:
    """Return the headers and the form of a client's authentication: its secret in a header, or its ``client_id``."""
    if "client_secret" in client:
        return {"headers": basic(client["client_id"], client["client_secret"]), "form": {}}
    return {"headers": {}, "form": {"client_id": client["client_id"]}}


def post(send: Send, path: str, client: dict[str, Any], /, **parameters: str | None) -> dict[str, Any]:
    """Send a request of a client; a parameter that is ``None`` is omitted."""
    request = authentication(client)
    form = {name: value for name, value in {**request["form"], **parameters}.items() if value is not None}
    return send("POST", path, form=form, headers=request["headers"])


def redeem(send: Send, client: dict[str, Any], code: object, /, **changes: str | None) -> dict[str, Any]:
    """Send a token request with a code."""
    parameters = {"code": str(code), "code_verifier": VERIFIER, "redirect_uri": REDIRECT_URI, **changes}
    return post(send, "/token", client, **{"grant_type": "authorization_code", **parameters})


def refresh(send: Send, client: dict[str, Any], refresh_token: str, /, **changes: str | None) -> dict[str, Any]:
    """Send a token request with a refresh token."""
    return post(send, "/token", client, **{"grant_type": "refresh_token", "refresh_token": refresh_token, **changes})


def rotate(send: Send, client: dict[str, Any], refresh_token: str, /, **changes: str | None) -> str:
    """Use a refresh token. Return the one that takes its place."""
    answer = refresh(send, client, refresh_token, **changes)
    assert answer["statusCode"] == 200, answer["body"]
    return str(answer["json"]["refresh_token"])


def is_alive(grants: DynamoDBGrants, refresh_token: str) -> bool:
    """Whether the grant of a refresh token has not ended."""
    return grants.get(refresh_token.split(".", maxsplit=1)[0]) is not None


def error_of(answer: dict[str, Any]) -> tuple[int, str]:
    """Return the status and the code of an error."""
    return answer["statusCode"], answer["json"]["error"]
