"""Client configuration (RFC 7592), over HTTP through the whole stack."""

from typing import Any

import pytest

from tests.e2e.authorization.answers import (
    GRANT,
    INTERACTIVE,
    MACHINE,
    credentials,
    error_pointer,
    looks,
    management,
    refusal,
)
from tests.e2e.conftest import RENAMED_CHALLENGE, Server, bearer


def replace(server: Server, client: dict[str, Any], **asked: Any) -> Any:
    """The answer to an update with the client's own token."""
    body = {"client_id": client["client_id"], **asked}
    headers = bearer(client["registration_access_token"])
    return server.send("PUT", management(server, client), json=body, headers=headers)


def read(server: Server, client: dict[str, Any]) -> Any:
    return server.send("GET", management(server, client), headers=bearer(client["registration_access_token"]))


def test_a_client_reads_what_is_registered_but_not_its_secret(server: Server) -> None:
    """RFC 7592 2.1 and 3: the secret is kept as a hash, so it cannot be shown again."""
    client = server.register(client_uri="https://example.com")
    answer = read(server, client)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    shown_once = {"client_secret", "registration_access_token"}
    assert answer.json() == {name: value for name, value in client.items() if name not in shown_once}


def test_members_left_out_of_an_update_go_back_to_their_defaults(server: Server) -> None:
    """RFC 7592 2.2: "Omitted fields MUST be treated as null or empty values"."""
    client = server.register(client_uri="https://example.com", contacts=["ops@example.com"])
    replaced = replace(server, client, **INTERACTIVE)
    assert replaced.status_code == 200, replaced.text
    assert not {"client_uri", "contacts", "client_name"} & replaced.json().keys()
    assert replaced.json()["grant_types"] == ["authorization_code"]


def test_an_update_must_be_of_the_client_itself(server: Server) -> None:
    """RFC 7592 2.2: "The client MUST include its "client_id" field in the request"."""
    client, other = server.register(), server.register()
    foreign = replace(server, client, **{**MACHINE, "client_id": other["client_id"]})
    assert (refusal(foreign), error_pointer(foreign)) == ((400, "invalid_client_metadata"), "/client_id")
    headers = bearer(client["registration_access_token"])
    without = server.send("PUT", management(server, client), json=MACHINE, headers=headers)
    assert (refusal(without), error_pointer(without)) == ((400, "invalid_client_metadata"), "/client_id")


def test_a_client_cannot_choose_its_secret(server: Server) -> None:
    """RFC 7592 2.2: "The client MUST NOT be allowed to overwrite its existing client secret"."""
    client = server.register()
    chosen = replace(server, client, **MACHINE, client_secret="chosen-by-the-client")
    assert (refusal(chosen), error_pointer(chosen)) == ((400, "invalid_client_metadata"), "/client_secret")
    kept = replace(server, client, **MACHINE, client_secret=client["client_secret"])
    assert kept.status_code == 200
    assert server.token(client)


@pytest.mark.parametrize(
    "member",
    ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"],
)
def test_an_update_must_not_hold_what_only_the_server_says(server: Server, member: str) -> None:
    """RFC 7592 2.2."""
    client = server.register()
    answer = replace(server, client, **MACHINE, **{member: client[member]})
    assert (refusal(answer), error_pointer(answer)) == ((400, "invalid_client_metadata"), f"/{member}")


def test_an_update_that_is_refused_changes_nothing(server: Server) -> None:
    client = server.register()
    before = read(server, client).json()
    assert refusal(replace(server, client, **{**MACHINE, "client_name": ""})) == (400, "invalid_client_metadata")
    assert read(server, client).json() == before
    assert server.token(client)


def test_a_client_that_gives_up_its_secret_no_longer_authenticates_with_it(server: Server) -> None:
    """RFC 7592 2.2."""
    client = server.register()
    replaced = replace(server, client, **INTERACTIVE, token_endpoint_auth_method="none")
    assert "client_secret" not in replaced.json()
    assert refusal(server.send("POST", "/token", data=GRANT, auth=credentials(client))) == (401, "invalid_client")


def test_a_deleted_client_is_gone_for_good(server: Server) -> None:
    """RFC 7592 2.3: 204, and 2.1: its token is then a 401."""
    client = server.register()
    path, headers = management(server, client), bearer(client["registration_access_token"])
    deleted = server.send("DELETE", path, headers=headers)
    assert (deleted.status_code, deleted.content, deleted.headers["Cache-Control"]) == (204, b"", "no-store")
    assert {server.send(method, path, headers=headers).status_code for method in ("GET", "DELETE")} == {401}
    assert refusal(replace(server, client, **MACHINE)) == (401, "invalid_token")
    assert refusal(server.send("POST", "/token", data=GRANT, auth=credentials(client))) == (401, "invalid_client")


def test_nobody_replaces_a_client_without_its_token(server: Server) -> None:
    """RFC 7592 2; RFC 6750 3.1."""
    client, other = server.register(), server.register()
    body = {**MACHINE, "client_id": client["client_id"]}
    for headers in ({}, bearer(other["registration_access_token"]), bearer(server.token(client))):
        answer = server.send("PUT", management(server, client), json=body, headers=headers)
        assert refusal(answer) == (401, "invalid_token")
        assert answer.headers[RENAMED_CHALLENGE] == 'Bearer error="invalid_token"'


def test_a_registration_access_token_is_presented_as_a_bearer_token_and_in_no_other_way(server: Server) -> None:
    """RFC 7592 1.3 and RFC 6750 2.1; the name of the scheme is case-insensitive (RFC 9110 11.1)."""
    client = server.register()
    path, token = management(server, client), client["registration_access_token"]
    assert server.send("GET", path, headers={"Authorization": f"bearer {token}"}).status_code == 200
    assert server.send("GET", path, headers={"Authorization": token}).status_code == 401
    assert server.send("GET", path, auth=(client["client_id"], token)).status_code == 401
    assert server.send("GET", f"{path}?access_token={token}").status_code == 401


def test_a_client_that_is_not_there_and_a_token_that_is_wrong_look_alike(server: Server) -> None:
    """RFC 7592 2.1."""
    client = server.register()
    for method in ("GET", "PUT", "DELETE"):
        parts: dict[str, Any] = {"json": {**MACHINE, "client_id": "0" * 32}} if method == "PUT" else {}
        wrong = server.send(method, management(server, client), headers=bearer("x" * 43), **parts)
        unknown = server.send(method, "/clients/" + "0" * 32, headers=bearer("x" * 43), **parts)
        assert wrong.status_code == 401
        assert looks(wrong) == looks(unknown)
