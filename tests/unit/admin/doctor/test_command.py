"""``python -m admin doctor``: what it prints, its exit status, and what it leaves behind."""

import io
import json
import os
import re
import signal

import pytest

from admin.__main__ import main
from admin.doctor.clients import PROFILES
from tests.memory.table import MemoryTable
from tests.unit.admin.doctor.conftest import Deploy
from tests.unit.admin.doctor.deployment import Asked, Deployment, Given, json_answer
from tests.unit.admin.doctor.faults import FAILED, FORBIDDEN, RESOURCE, all_of, at, below, changes, gives

Capture = pytest.CaptureFixture[str]


def clients(table: MemoryTable) -> list[str]:
    return [key for key in table.items if key.startswith("client#")]


def deletions(deployment: Deployment) -> int:
    return sum(asked.method == "DELETE" for asked in deployment.asked)


def test_a_healthy_server_is_a_line_for_each_client_and_status_zero(
    deployment: Deployment, table: MemoryTable, capsys: Capture
) -> None:
    assert main(["doctor", deployment.url]) == 0
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert [line[:22].split(maxsplit=1)[1].strip() for line in lines] == [profile.name for profile in PROFILES]
    assert all(line.startswith("ok ") and line.count("/mcp") for line in lines)
    assert shown.err == "Not checked: the login, which needs a user.\n"
    assert clients(table) == []


def test_a_client_that_is_stopped_has_what_it_sees_whose_fault_it_is_and_what_to_do(
    deployment: Deployment, table: MemoryTable, capsys: Capture
) -> None:
    deployment.fault = changes(at("/.well-known/oauth-authorization-server"), code_challenge_methods_supported=None)
    assert main(["doctor", f"{deployment.url}/mcp"]) == 1
    [line] = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("ok ")]
    assert re.fullmatch(
        r"FAIL  ChatGPT +the server metadata does not announce S256 .*\. Fault: .*\. The server .*\.", line
    )
    assert clients(table) == []


def test_json_has_every_verdict_with_the_sources_of_what_is_claimed(deployment: Deployment, capsys: Capture) -> None:
    assert main(["doctor", deployment.url, "--json", "--client", "cursor", "--client", "Claude"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["url"], document["left"]) == (f"{deployment.url}/mcp", [])
    assert [client["client"] for client in document["clients"]] == ["Claude", "Cursor"]
    for client in document["clients"]:
        assert client["passed"]
        assert client["assumed"]
        assert all(source["url"].startswith("https://") for source in client["sources"])


def test_no_token_and_no_secret_is_printed(deployment: Deployment, capsys: Capture) -> None:
    secrets: set[str] = set()

    def note(_asked: Asked, given: Given) -> Given:
        if given.headers.get("Content-Type") == "application/json":
            document = json.loads(given.body)
            names = ("registration_access_token", "client_secret", "access_token")
            secrets.update(document[name] for name in names if name in document)
        return given

    deployment.fault = note
    main(["doctor", deployment.url, "--json"])
    shown = "".join(capsys.readouterr())
    assert len(secrets) > 5
    assert not [secret for secret in secrets if secret in shown]


def test_a_server_cannot_steer_the_terminal(deployment: Deployment, capsys: Capture) -> None:
    said = {"error": "invalid_client_metadata", "error_description": "\x1b[2Jok\r\n" + "x" * 9000}
    deployment.fault = gives(at("/dcr", "POST"), json_answer(400, said))
    assert main(["doctor", deployment.url, "--client", "cursor"]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert "?[2Jok??xxx" in line
    assert line.isprintable()
    assert len(line) < 600


def test_equal_requests_are_sent_once_and_each_client_registers_once(deployment: Deployment) -> None:
    main(["doctor", deployment.url])
    documents = [(asked.target, asked.headers.get("Origin")) for asked in deployment.asked if "known" in asked.path]
    assert len(documents) == len(set(documents))
    bodies = [asked.body for asked in deployment.asked if (asked.method, asked.path) == ("POST", "/dcr")]
    assert len(bodies) == len(set(bodies)) == deletions(deployment)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_after_an_interruption_nothing_is_left(
    deployment: Deployment, table: MemoryTable, capsys: Capture, stop: signal.Signals
) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def interrupt(asked: Asked, given: Given) -> Given:
        if asked.path == "/authorize" and clients(table):
            os.kill(os.getpid(), stop)
        return given

    deployment.fault = interrupt
    assert main(["doctor", deployment.url]) == 130
    assert capsys.readouterr().err.startswith("interrupted\n")
    assert deletions(deployment) > 0
    assert clients(table) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_client_that_cannot_be_deleted_is_named(deployment: Deployment, capsys: Capture) -> None:
    deployment.fault = gives(below("/clients"), FAILED)
    assert main(["doctor", deployment.url, "--client", "cursor"]) == 0
    deleted = [asked.path.removeprefix("/clients/") for asked in deployment.asked if asked.method == "DELETE"]
    assert re.findall(r"could not delete its client (\w+)", capsys.readouterr().err) == deleted
    assert len(deleted) == 2


def test_the_token_of_a_registration_goes_to_no_other_host(deployment: Deployment, capsys: Capture) -> None:
    deployment.fault = changes(at("/dcr", "POST"), registration_client_uri="https://other.example/clients/1")
    assert main(["doctor", deployment.url, "--client", "cursor"]) == 0
    assert capsys.readouterr().err.count("could not delete") == 2


def test_a_machine_client_without_an_invitation_is_what_is_not_checked(deploy: Deploy, capsys: Capture) -> None:
    assert main(["doctor", deploy(machine_clients="token").url]) == 0
    shown = capsys.readouterr()
    assert "token and /mcp (a machine client needs an initial access token here)" in shown.err
    assert "/mcp," not in shown.out


def test_an_initial_token_is_read_from_standard_input_and_sent_with_the_machine_client_alone(
    deploy: Deploy, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = deploy(machine_clients="token")
    monkeypatch.setattr("sys.stdin", io.StringIO("hush\n"))
    main(["doctor", deployment.url, "--initial-token"])
    invited = [json.loads(asked.body) for asked in deployment.asked if "hush" in asked.headers.get("Authorization", "")]
    assert [metadata["grant_types"] for metadata in invited] == [["client_credentials"]]
    assert "hush" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["http://mcp.example.com"],
        ["ftp://localhost"],
        ["mcp.example.com"],
        ["https://user@mcp.example.com"],
        ["https://mcp.example.com?x=1"],
        ["https://[::1"],
        ["https://mcp.example.com", "--client", "nobody"],
    ],
    ids=str,
)
def test_wrong_usage_is_status_two(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["doctor", *arguments])
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_what_is_no_mcp_server_is_one_sentence(deployment: Deployment, capsys: Capture) -> None:
    deployment.fault = gives(lambda _asked: True, Given(404, {"Content-Type": "text/html"}, "not here"))
    assert main(["doctor", deployment.url]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"error: {deployment.url}/mcp is not an MCP server that asks for a login: it answers 404\n"


def test_a_server_that_calls_itself_something_else_is_one(deployment: Deployment, capsys: Capture) -> None:
    renamed = changes(below(RESOURCE), resource="https://other.example/mcp")
    deployment.fault = all_of(gives(at("/mcp"), FORBIDDEN), renamed)
    assert main(["doctor", deployment.url]) == 1
    assert capsys.readouterr().out.count("403 instead of 401") == len(PROFILES)


def test_a_server_that_does_not_listen_is_one_sentence(capsys: Capture) -> None:
    assert main(["doctor", "http://127.0.0.1:1"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert (
        "error: cannot reach the server: POST http://127.0.0.1:1/mcp: nothing accepts connections there\n" in shown.err
    )
