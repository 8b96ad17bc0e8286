"""Whatever a server answers, the doctor has a verdict and no traceback."""

import time
from typing import Any

import pytest

from admin.doctor.clients.claude import CLAUDE
from admin.doctor.clients.python_sdk import PYTHON_SDK
from admin.doctor.clients.vscode import VSCODE
from tests.unit.admin.doctor.deployment import Deployment, Given, json_answer
from tests.unit.admin.doctor.faults import OAUTH, RESOURCE, at, below, changes, gives
from tests.unit.admin.doctor.looking import look, look_and_delete

# Three clients look at a server for each of many answers.
pytestmark = pytest.mark.slow

# One that has a document, one that registers, and one that reads without much care.
SOME = (CLAUDE, PYTHON_SDK, VSCODE)
ODD: list[Any] = [5, [], ["x"], {"a": 1}, True, "https://", "\x00", "http://[", None, [None], ["https://"]]


@pytest.mark.parametrize("body", ["[]", "null", '{"client_id": 5}', "not json", '{"error": ["?"]}'])
def test_to_a_registration(deployment: Deployment, body: str) -> None:
    odd = Given(201, {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}, body)
    deployment.fault = gives(at("/dcr", "POST"), odd)
    verdicts, _ = look_and_delete(deployment, time.monotonic, SOME)
    assert set(verdicts) == {profile.name for profile in SOME}


@pytest.mark.parametrize(
    "member",
    [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "registration_endpoint",
        "scopes_supported",
        "grant_types_supported",
        "code_challenge_methods_supported",
        "token_endpoint_auth_methods_supported",
    ],
)
def test_in_the_server_metadata(deployment: Deployment, member: str) -> None:
    for value in ODD:
        deployment.fault = changes(at(OAUTH), **{member: value})
        assert set(look(deployment, profiles=SOME)) == {profile.name for profile in SOME}


@pytest.mark.parametrize("member", ["resource", "authorization_servers", "scopes_supported"])
def test_in_the_resource_metadata(deployment: Deployment, member: str) -> None:
    for value in ODD:
        deployment.fault = changes(below(RESOURCE), **{member: value})
        assert set(look(deployment, profiles=SOME)) == {profile.name for profile in SOME}


@pytest.mark.parametrize("challenge", ["Bearer", 'Bearer resource_metadata="', 'Bearer resource_metadata="x"', "Basic"])
def test_in_the_challenge(deployment: Deployment, challenge: str) -> None:
    deployment.fault = gives(at("/mcp", "POST"), json_answer(401, {}, WWW_Authenticate=challenge))
    assert set(look(deployment, profiles=SOME)) == {profile.name for profile in SOME}
