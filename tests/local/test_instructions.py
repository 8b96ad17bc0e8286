"""Tests of the instructions that `make up` prints."""

from pathlib import Path

import pytest

from local.instructions import instructions, secret_instructions
from local.state import Client, State

URL = "http://localhost:8080"
CLIENT = Client("http://localhost:1", "id", "hush", f"{URL}/callback")


def said(registration: str, client: Client | None = None, machines: str = "open") -> str:
    state = State(Path("stack"), 8080, 1, "eu-central-1", registration=registration, machines=machines, client=client)
    state.outputs = {"mcp_url": f"{URL}/mcp", "issuer": URL, "registration_url": f"{URL}/dcr"}
    return instructions(state)


def test_where_registration_is_open_it_is_one_command() -> None:
    assert "POST http://localhost:8080/dcr" in said("open")
    assert "make-initial-token" not in said("open")


def test_what_the_commands_rely_on_is_said() -> None:
    assert "because the local stack sets machineClients to open" in said("open")
    assert "machineClients to open" not in said("open", machines="token")


def test_where_machines_get_nothing_no_command_is_shown_that_would_fail() -> None:
    assert "machineClients is closed" in said("open", machines="closed")
    assert "/dcr" not in said("open", machines="closed")


@pytest.mark.parametrize(("registration", "machines"), [("token", "open"), ("open", "token")])
def test_where_it_takes_a_token_the_token_is_made_first_and_sent_along(registration: str, machines: str) -> None:
    made, _, registered = said(registration, machines=machines).partition("INITIAL=$(")[2].partition("CLIENT=$(")
    assert f"-m local --dir={Path('stack').resolve()} admin make-initial-token)" in made
    assert '-H "Authorization: Bearer $INITIAL"' in registered


def test_where_it_is_closed_no_command_is_shown_that_would_fail() -> None:
    assert "registration is closed" in said("closed")
    assert "/dcr" not in said("closed")


@pytest.mark.parametrize("client", [None, CLIENT])
def test_who_can_log_in_is_said_where_the_stack_has_somebody(client: Client | None) -> None:
    assert ("Sign in  as alice / password" in said("open", client)) == bool(client)
    assert "hush" not in said("open", client)


def test_a_secret_without_a_value_comes_with_the_command_that_sets_it() -> None:
    state = State(Path("stack"), 8080, 1, "eu-central-1")
    assert secret_instructions(state, ["TOKEN"]).splitlines()[-1].endswith("stack admin set-secret TOKEN")
