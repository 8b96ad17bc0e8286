"""Clients and users of the last release go on under this version: each item of its table is read and used."""

import json
from typing import Any

import boto3
import pytest

from tests.compatibility.recording import table_of
from tests.compatibility.world import CAN, FILE, Held, World
from tests.memory.table import MemoryTable
from tests.support.aws import create_table
from tests.support.login import PROVIDER, VERIFIER, asking
from tests.unit.conftest import aws, basic, session
from tests.unit.mcp.conftest import events, result

__all__ = ["aws", "session"]
RECORDED: dict[str, Any] = json.loads(FILE.read_bytes())
ACCEPTED = {"action": "accept", "content": {"ok": True}}


@pytest.fixture(params=["memory", pytest.param("dynamodb", marks=pytest.mark.slow)])
def world(request: pytest.FixtureRequest) -> World:
    """The functions of this version, over the table of the last release."""
    if request.param == "memory":
        return World(table_of(RECORDED["items"]))
    request.getfixturevalue("aws")
    table = create_table()
    for item in RECORDED["items"].values():
        boto3.client("dynamodb").put_item(TableName="table", Item=item)
    return World(table)


@pytest.fixture
def held() -> Held:
    """What its users and clients hold."""
    return Held(**json.loads(json.dumps(RECORDED["held"])))


def test_a_machine_client_is_known_and_its_tokens_are_valid(world: World, held: Held) -> None:
    assert world.authorize(held.machine_token)
    credentials = basic(held.machine["client_id"], held.machine["client_secret"])
    answer = world.oauth("POST", "/token", form={"grant_type": "client_credentials"}, headers=credentials)
    assert world.authorize(answer["json"]["access_token"])


def test_a_client_reads_changes_and_deletes_its_registration(world: World, held: Held) -> None:
    token = {"Authorization": f"Bearer {held.machine['registration_access_token']}"}
    named: dict[str, Any] = {"headers": token, "path_parameters": {"clientId": held.machine["client_id"]}}
    read = world.oauth("GET", "/clients/{clientId}", **named)["json"]
    unshown = {"client_secret", "registration_access_token"}
    assert {name: value for name, value in read.items() if name not in unshown} == {
        name: value for name, value in held.machine.items() if name not in unshown
    }
    assert world.oauth("DELETE", "/clients/{clientId}", **named)["statusCode"] == 204
    assert not world.authorize(held.machine_token)


def test_a_refresh_token_gives_new_tokens(world: World, held: Held) -> None:
    renewed = world.token(held.editor, grant_type="refresh_token", refresh_token=held.editor_tokens["refresh_token"])
    assert renewed["statusCode"] == 200, renewed["body"]
    assert world.authorize(held.editor_tokens["access_token"])
    assert world.authorize(renewed["json"]["access_token"])


def test_a_code_is_redeemed_once(world: World, held: Held) -> None:
    form = {"grant_type": "authorization_code", "code": held.code, "code_verifier": VERIFIER}
    issued = world.token(held.editor, **form)
    assert world.authorize(issued["json"]["access_token"])
    assert world.token(held.editor, **form)["statusCode"] == 400
    assert not world.authorize(issued["json"]["access_token"])


def test_a_revoked_grant_ends_with_its_tokens_and_the_others_stay(world: World, held: Held) -> None:
    form = {"client_id": held.editor["client_id"], "token": held.other_tokens["refresh_token"]}
    assert world.oauth("POST", "/revoke", form=form)["statusCode"] == 200
    assert not world.authorize(held.other_tokens["access_token"])
    assert world.authorize(held.editor_tokens["access_token"])


def test_a_consent_is_remembered_and_the_session_goes_on(world: World, held: Held) -> None:
    world.browser.cookies |= held.cookies
    answer = world.browser.get("/authorize", asking(held.editor))
    assert (answer["statusCode"], answer["headers"]["Location"].startswith(PROVIDER)) == (302, True)
    page = world.browser.get("/account")
    assert (page["statusCode"], "An editor" in page["body"]) == (200, True)


def test_a_task_goes_on_when_its_question_is_answered(world: World, held: Held) -> None:
    caller = world.authorize(held.editor_tokens["access_token"])
    update = {"taskId": held.task, "inputResponses": {"sure": ACCEPTED}}
    result(world.mcp.modern("tasks/update", update, capabilities=CAN, authorizer=caller))
    done = result(world.mcp.modern("tasks/get", {"taskId": held.task}, capabilities=CAN, authorizer=caller))
    assert (done["status"], done["result"]["content"][0]["text"]) == ("completed", "{'ok': True}")


def test_a_call_of_a_legacy_client_goes_on_when_its_question_is_answered(world: World, held: Held) -> None:
    caller = world.authorize(held.editor_tokens["access_token"])
    answer = {"jsonrpc": "2.0", "id": held.stream["question"], "result": ACCEPTED}
    assert world.mcp.post(answer, caller)["statusCode"] == 202
    [message] = events(world.mcp.get(caller, **{"Last-Event-ID": held.stream["last"]}))
    assert message["data"]["result"]["content"][0]["text"] == "{'ok': True}"


def test_what_this_version_leaves_is_what_the_recorded_one_left() -> None:
    """So that the recording has all there is to go on with."""
    table = MemoryTable()
    held = Held.begin(World(table))
    assert {key.partition("#")[0] for key in table.items} == {key.partition("#")[0] for key in RECORDED["items"]}
    assert vars(held).keys() == RECORDED["held"].keys()
