"""Machines: which clients may act on their own behalf, and with which scopes (RFC 6749 4.4)."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from runtime.oauth.stores import Stores
from tests.memory.table import MemoryTable
from tests.support.machines import invite
from tests.unit.conftest import Clock, Send, basic

SendTo = Callable[..., Send]
MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}
BOTH = {
    "client_name": "editor",
    "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    "redirect_uris": ["https://example.com/cb"],
    "scope": "mcp mcp:admin",
}
METADATA = "/.well-known/oauth-authorization-server"


@pytest.fixture
def guarded(send_to: SendTo) -> Send:
    """A stack where users log in, and machines need an invitation."""
    return send_to(interactive=True, machine_clients="token")


@pytest.fixture
def invitation(stores: Stores, clock: Clock) -> dict[str, str]:
    return {"Authorization": f"Bearer {invite(stores.initial_tokens, clock)}"}


def token(send: Send, client: dict[str, Any], **form: str) -> dict[str, Any]:
    headers = basic(client["client_id"], client["client_secret"])
    return send("POST", "/token", form={"grant_type": "client_credentials", **form}, headers=headers)


def update(send: Send, client: dict[str, Any], **members: Any) -> dict[str, Any]:
    return send(
        "PUT",
        "/clients/{clientId}",
        headers={"Authorization": f"Bearer {client['registration_access_token']}"},
        path_parameters={"clientId": client["client_id"]},
        json={"client_id": client["client_id"], **members},
    )


def error(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["statusCode"], answer["json"]["error"]


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Basic x"])
def test_a_machine_cannot_register_without_an_invitation(guarded: Send, authorization: str | None) -> None:
    """RFC 7591 3, RFC 6750 3: 401 with a challenge, as where every registration needs the token."""
    headers = {"Authorization": authorization} if authorization else {}
    answer = guarded("POST", "/dcr", json=MACHINE, headers=headers)
    assert error(answer) == (401, "invalid_token")
    assert answer["headers"]["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "needs an initial access token" in answer["json"]["error_description"]


def test_an_invited_machine_registers_and_gets_tokens(guarded: Send, invitation: dict[str, str]) -> None:
    client = guarded("POST", "/dcr", json=MACHINE, headers=invitation)["json"]
    assert token(guarded, client)["statusCode"] == 200
    assert "client_credentials" in guarded("GET", METADATA)["json"]["grant_types_supported"]


@pytest.mark.parametrize("asked", [BOTH, {**BOTH, "token_endpoint_auth_method": "none"}])
def test_a_client_that_asks_for_every_grant_gets_those_that_it_may_have(guarded: Send, asked: dict[str, Any]) -> None:
    """RFC 7591 2: the server may replace requested values; the response says what is registered."""
    client = guarded("POST", "/dcr", json=asked)["json"]
    assert client["grant_types"] == ["authorization_code", "refresh_token"]
    if "client_secret" in client:
        assert error(token(guarded, client)) == (400, "unauthorized_client")


def test_a_client_that_states_no_grant_type_acts_for_users(guarded: Send) -> None:
    """RFC 7591 2: the default is authorization_code alone."""
    client = guarded("POST", "/dcr", json={"redirect_uris": ["https://example.com/cb"]})["json"]
    assert client["grant_types"] == ["authorization_code"]
    assert error(token(guarded, client)) == (400, "unauthorized_client")


def test_an_uninvited_client_cannot_become_a_machine_by_an_update(guarded: Send, invitation: dict[str, str]) -> None:
    """RFC 7592 2.2: an update replaces all metadata, by the rules of a registration."""
    client = guarded("POST", "/dcr", json=BOTH)["json"]
    answer = update(guarded, client, **MACHINE)
    assert error(answer) == (400, "invalid_client_metadata")
    assert answer["json"]["error_description"].startswith("/grant_types: ")
    updated = update(guarded, client, **BOTH)["json"]
    assert updated["grant_types"] == ["authorization_code", "refresh_token"]
    assert error(token(guarded, client)) == (400, "unauthorized_client")
    invited = guarded("POST", "/dcr", json=BOTH, headers=invitation)["json"]
    assert update(guarded, invited, **MACHINE)["statusCode"] == 200
    assert token(guarded, invited)["statusCode"] == 200


def test_a_machine_that_registered_before_invitations_gets_no_more_tokens(send_to: SendTo, guarded: Send) -> None:
    """A client that registered while registration was open does not count as invited."""
    client = send_to(interactive=True)("POST", "/dcr", json=MACHINE)["json"]
    assert error(token(guarded, client)) == (400, "unauthorized_client")
    assert token(send_to(interactive=True), client)["statusCode"] == 200


def test_where_machines_are_closed_neither_invitation_nor_registration_helps(
    send_to: SendTo, guarded: Send, invitation: dict[str, str]
) -> None:
    closed = send_to(interactive=True, machine_clients="closed")
    known = guarded("POST", "/dcr", json=MACHINE, headers=invitation)["json"]
    assert error(token(closed, known)) == (400, "unsupported_grant_type")
    assert error(closed("POST", "/dcr", json=MACHINE, headers=invitation)) == (400, "invalid_client_metadata")
    both = closed("POST", "/dcr", json=BOTH, headers=invitation)["json"]
    assert both["grant_types"] == ["authorization_code", "refresh_token"]
    assert "client_credentials" not in closed("GET", METADATA)["json"]["grant_types_supported"]


def test_a_machine_gets_the_scopes_of_machines_and_no_others(send_to: SendTo) -> None:
    send = send_to(machine_scopes=("mcp",))
    client = send("POST", "/dcr", json={**MACHINE, "scope": "mcp mcp:admin"})["json"]
    assert client["scope"] == "mcp"
    assert token(send, client)["json"]["scope"] == "mcp"
    assert error(token(send, client, scope="mcp:admin")) == (400, "invalid_scope")
    assert update(send, client, **{**MACHINE, "scope": "mcp:admin"})["json"]["scope"] == "mcp"


def test_a_machine_that_stated_no_scope_may_ask_for_every_scope_of_machines(send_to: SendTo) -> None:
    """RFC 6749 3.3: "fully or partially ignore the scope requested"; clients ask for what the challenge names."""
    scopes = dict.fromkeys(("mcp", "mcp:admin", "mcp:audit"), "x")
    send = send_to(scopes=scopes, machine_scopes=("mcp", "mcp:admin"))
    unstated = {name: value for name, value in MACHINE.items() if name != "scope"}
    client = send("POST", "/dcr", json=unstated)["json"]
    assert client["scope"] == token(send, client)["json"]["scope"] == "mcp"
    assert token(send, client, scope="mcp mcp:admin mcp:audit")["json"]["scope"] == "mcp mcp:admin"
    assert error(token(send, client, scope="mcp:audit")) == (400, "invalid_scope")


def test_what_a_client_is_registered_for_on_behalf_of_users_it_does_not_get_for_itself(send_to: SendTo) -> None:
    """RFC 6749 3.3: one registration, two kinds of token."""
    send = send_to(machine_scopes=("mcp",), interactive=True)
    client = send("POST", "/dcr", json=BOTH)["json"]
    assert client["scope"] == "mcp mcp:admin"
    assert token(send, client)["json"]["scope"] == "mcp"
    assert token(send, client, scope="mcp mcp:admin")["json"]["scope"] == "mcp"
    assert error(token(send, client, scope="mcp:admin")) == (400, "invalid_scope")


def test_a_machine_registered_for_more_than_machines_may_have_by_now_gets_less(send: Send, send_to: SendTo) -> None:
    client = send("POST", "/dcr", json={**MACHINE, "scope": "mcp mcp:admin"})["json"]
    assert token(send, client)["json"]["scope"] == "mcp mcp:admin"
    assert token(send_to(machine_scopes=("mcp",)), client)["json"]["scope"] == "mcp"
    assert error(token(send_to(machine_scopes=("other",)), client)) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("asked", "granted"), [(None, "mcp"), ("mcp:read", "mcp:read"), ("mcp:all", None), ("mcp:write", None)]
)
def test_implied_scopes_do_not_widen_what_a_machine_gets(
    send_to: SendTo, asked: str | None, granted: str | None
) -> None:
    """Machines get the scopes that machine scopes imply, but not a scope that implies a machine scope."""
    scopes = dict.fromkeys(("mcp", "mcp:read", "mcp:write", "mcp:all"), "x")
    implies = {"mcp": ["mcp:read"], "mcp:all": ["mcp", "mcp:read", "mcp:write"]}
    settings = {"scopes": scopes, "scope_implies": implies}
    client = send_to(**settings, machine_scopes=tuple(scopes))("POST", "/dcr", json={**MACHINE, "scope": "mcp:all"})
    answer = token(send_to(**settings, machine_scopes=("mcp",)), client["json"], **({"scope": asked} if asked else {}))
    if granted is None:
        assert error(answer) == (400, "invalid_scope")
    else:
        assert jwt.decode(answer["json"]["access_token"], options={"verify_signature": False})["scope"] == granted


def test_a_machine_that_may_not_have_the_base_scope_gets_the_machine_scopes(send_to: SendTo) -> None:
    send = send_to(machine_scopes=("mcp:admin",))
    client = send("POST", "/dcr", json=MACHINE)["json"]
    assert client["scope"] == token(send, client)["json"]["scope"] == "mcp:admin"


def test_an_invitation_is_stored_with_the_client_and_older_clients_have_none(
    send_to: SendTo, stores: Stores, table: MemoryTable, invitation: dict[str, str]
) -> None:
    send = send_to()
    invited, other = (send("POST", "/dcr", json=MACHINE, headers=headers)["json"] for headers in (invitation, {}))
    kept = [stores.clients.get(client["client_id"]) for client in (invited, other)]
    assert [client is not None and client.invited for client in kept] == [True, False]
    del table.items[f"client#{invited['client_id']}"]["invited"]
    older = stores.clients.get(invited["client_id"])
    assert older is not None
    assert not older.invited
