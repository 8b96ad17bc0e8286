"""Tests of commands that need no complete stack."""

import json
import os
from pathlib import Path

import pytest

from local import program
from local.__main__ import main
from local.errors import LocalError
from local.processes import Process, start_time
from local.state import State
from tests.support.local_stack import LocalStack

OUTPUTS = {"url": "http://localhost:1", "scopes": ["mcp"]}


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a stack that seems to run: its emulator is this process."""
    monkeypatch.setattr("local.__main__.forget_environment", lambda: None)
    monkeypatch.setattr("local.__main__.handle_signals", lambda: None)
    emulator = Process(os.getpid(), start_time(os.getpid()) or "")
    State(tmp_path, 1, 2, "eu-central-1", processes={"emulator": emulator}, outputs=OUTPUTS).save()
    return tmp_path


def run(directory: Path, *arguments: str) -> int:
    return main([f"--dir={directory}", *arguments])


def test_output_shows_a_table_one_value_or_either_as_json(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(directory, "output") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Current stack outputs (2):",
        "    OUTPUT  VALUE",
        '    scopes  ["mcp"]',
        "    url     http://localhost:1",
    ]
    assert run(directory, "output", "url") == 0
    assert capsys.readouterr().out == "http://localhost:1\n"
    assert run(directory, "output", "--json") == 0
    assert json.loads(capsys.readouterr().out) == OUTPUTS
    assert run(directory, "output", "--json", "scopes") == 0
    assert json.loads(capsys.readouterr().out) == ["mcp"]


def test_an_output_that_does_not_exist_is_one_line_and_a_failure(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(directory, "output", "nope") == 1
    assert capsys.readouterr().err == "error: the stack has no output nope; its outputs are scopes, url\n"


def test_a_running_stack_is_not_moved_to_another_port(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(directory, "up", "--port=3") == 1
    assert "listens on port 1" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["output", "logs"])
def test_commands_on_a_running_stack_say_that_none_runs(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LocalError, match=r"^error: no local stack is running; start one with: make up\n$"):
        LocalStack(tmp_path).run(command)


def test_down_without_a_stack_says_so_and_succeeds(tmp_path: Path) -> None:
    assert LocalStack(tmp_path).down() == "No local stack is running.\n"


@pytest.mark.parametrize("arguments", ["team=ops", "[1]"])
def test_arguments_of_a_tool_that_are_no_json_object_are_refused(
    directory: Path, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(directory, "call", "open_tickets", arguments)
    assert "is not" in capsys.readouterr().err


def test_a_call_of_a_stack_that_does_not_answer_is_one_line(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = State.load(directory)
    assert state is not None
    state.outputs |= {"mcp_url": "http://localhost:1/mcp", "registration_url": "http://localhost:1/dcr"}
    state.save()
    assert run(directory, "call", "open_tickets") == 1
    assert capsys.readouterr().err.startswith("error: http://localhost:1/dcr does not answer: ")


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(LocalError, match="is not empty and has no local stack"):
        LocalStack(tmp_path).up()
    LocalStack(tmp_path).down()
    assert (tmp_path / "thesis.txt").read_text() == "irreplaceable"


def test_a_first_start_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    with pytest.raises(LocalError, match="nonsense"):
        LocalStack(directory, config={"nonsense": "1"}).up()
    assert not directory.exists()


def test_configuration_comes_from_the_stacks_file_and_can_be_overridden() -> None:
    config = program.load_config({"publicUrl": "http://localhost:1", "aws:region": "eu-west-1"})
    assert config[f"{program.project_name()}:publicUrl"] == "http://localhost:1"
    assert config["aws:region"] == "eu-west-1"
    assert json.loads(config[f"{program.project_name()}:tags"]) == {"environment": "dev"}


def test_a_key_of_a_stacks_file_without_a_namespace_is_the_projects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped files have none, so that they hold under each name of the project."""
    (tmp_path / "Pulumi.yaml").write_text("name: acme")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config: {logLevel: DEBUG, 'acme:memorySize': 256, 'aws:region': eu-west-1}"
    )
    monkeypatch.setattr(program, "ROOT", tmp_path)
    config = program.load_config({})
    assert config == {"acme:logLevel": "DEBUG", "acme:memorySize": "256", "aws:region": "eu-west-1"}


def test_an_object_that_is_overridden_takes_no_members_from_the_stacks_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: acme")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {'acme:upstream.issuer': 'https://idp.example.com'}")
    monkeypatch.setattr(program, "ROOT", tmp_path)
    assert program.load_config({"upstream": "null"}) == {"acme:upstream": "null"}
    assert set(program.load_config({"upstream.clientId": "x"})) == {"acme:upstream.issuer", "acme:upstream.clientId"}


@pytest.mark.parametrize(
    ("config", "url"),
    [
        ({"edge": "cloudfront"}, "http://localhost:1"),
        ({"edge": "external"}, "http://localhost:1"),
        ({"edge": "none"}, "http://localhost:1/dev"),
        ({"edge": "none", "stageName": "v1"}, "http://localhost:1/v1"),
    ],
)
def test_without_an_edge_the_stage_is_the_first_segment_of_the_url(config: dict[str, str], url: str) -> None:
    assert program.public_url(program.load_config({"publicUrl": "http://localhost:1", **config})) == url


def test_an_encrypted_value_is_an_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: remote-mcp")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {'remote-mcp:alarmEmail': {secure: v1:abc}}")
    monkeypatch.setattr(program, "ROOT", tmp_path)
    with pytest.raises(LocalError, match=r"remote-mcp:alarmEmail in Pulumi\.dev\.yaml is encrypted"):
        program.load_config({})
