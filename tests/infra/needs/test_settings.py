"""Settings of an app: the namespace ``app`` of a stack, ``appConfig``, and the schema beside the needs file."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.app.file import find_needs_file
from components.config import StackConfig
from tests.infra.configuration import load, refusal
from tests.infra.needs.declaring import run_file
from tests.infra.recorder import Recorder

SCHEMA = {
    "type": "object",
    "required": ["subnets"],
    "properties": {
        "subnets": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "account": {"type": "string"},
        "limit": {"type": "integer", "maximum": 10, "default": 5},
        "mode": {"enum": ["fast", "slow"]},
    },
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A needs file with a schema beside it."""
    (tmp_path / "needs.schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "needs.py").write_text("def declare(needs): ...")
    return str(tmp_path / "needs.py")


def test_the_schema_says_of_which_type_a_setting_is(file: str) -> None:
    settings = {"app:subnets": '["a", "b"]', "app:account": "123456789012", "app:limit": "7", "app:mode": "fast"}
    assert load({"appNeeds": file, **settings}).app_config == {
        "subnets": ["a", "b"],
        "account": "123456789012",
        "limit": 7,
        "mode": "fast",
    }


def test_without_a_schema_a_setting_is_json_or_else_text() -> None:
    settings = {"app:subnets": '["a"]', "app:size": "5", "app:on": "true", "app:name": "x y"}
    assert load({"appNeeds": "none", **settings}).app_config == {"subnets": ["a"], "size": 5, "on": True, "name": "x y"}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "app: 'subnets' is a required property"),
        ({"app:subnets": "[]"}, "app:subnets: [] should be non-empty"),
        ({"app:subnets": "a"}, "app:subnets: 'a' is not of type 'array'"),
        ({"app:subnets": '["a", 5]'}, "app:subnets[1]: 5 is not of type 'string'"),
        ({"app:subnets": '["a"]', "app:limit": "11"}, "app:limit: 11 is greater than the maximum of 10"),
        ({"app:subnets": '["a"]', "appConfig": '{"subnets": ["b"]}'}, "app:subnets is set twice, as a key of its own"),
    ],
)
def test_a_setting_that_the_schema_does_not_allow_stops_the_program(
    file: str, settings: dict[str, str], problem: str
) -> None:
    assert problem in refusal({"appNeeds": file, **settings})


def test_a_secret_setting_is_refused_without_showing_it() -> None:
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack="dev")
    pulumi.runtime.set_all_config({"app:token": "hidden"}, ["app:token"])
    try:
        with pytest.raises(pulumi.RunError, match=r"app:token is a secret, .* needs\.secret") as refused:
            StackConfig.load()
    finally:
        pulumi.runtime.set_all_config({}, [])
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "needs.schema.json is no JSON"),
        ('{"type": "thing"}', "needs.schema.json: $.type is no JSON Schema"),
        ("[]", "needs.schema.json: "),
        ("{}", "needs.schema.json: an object with properties is needed"),
    ],
)
def test_a_schema_that_is_none_is_named(file: str, text: str, problem: str) -> None:
    Path(file).with_name("needs.schema.json").write_text(text)
    assert problem in refusal({"appNeeds": file, "app:subnets": "[]"})


def test_a_needs_file_that_does_not_exist_is_named() -> None:
    assert 'appNeeds is "nowhere.py"; allowed: the path of a file, or none; there is no ' in refusal(
        {"appNeeds": "nowhere.py"}
    )


def test_the_file_beside_the_directory_of_an_app_is_its_needs_file(tmp_path: Path) -> None:
    app = tmp_path / "app"
    assert find_needs_file(None, str(app), tmp_path / "project") is None
    (tmp_path / "needs.py").touch()
    assert find_needs_file(None, str(app), tmp_path / "project") == tmp_path / "needs.py"
    assert find_needs_file("none", str(app), tmp_path / "project") is None
    # Without the directory, it is the file beside the project file.
    assert find_needs_file(None, None, tmp_path) == tmp_path / "needs.py"


@pytest.mark.parametrize(
    ("key", "config", "told"),
    [("subnets", {"subnets": ["a"]}, '["a"]'), ("limit", {}, "5"), ("limit", {"limit": 9}, "9")],
)
def test_a_file_gets_a_setting_or_its_default(file: str, key: str, config: dict[str, Any], told: str) -> None:
    folder = Path(file).parent
    run = run_file(folder, f"import json; needs.environment('TOLD', json.dumps(needs.config({key!r})))", config=config)
    assert run.outputs["TOLD"] == told
    assert run.warnings == ()


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("account", "needs.config: app:account is not set, and needs.schema.json has no default for it"),
        ("limits", "needs.config: needs.schema.json has no property limits; did you mean limit?"),
    ],
)
def test_a_file_that_asks_for_what_is_not_there_is_named_with_its_line(file: str, key: str, message: str) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        run_file(Path(file).parent, f"needs.config({key!r})")
    assert str(refused.value) == f"{file}:6: {message}"


def test_a_setting_that_nothing_asks_for_is_warned_of(tmp_path: Path) -> None:
    run = run_file(tmp_path, "pass", config={"subents": ["a"]})
    assert run.warnings == (f"app:subents is set, but {tmp_path}/needs.py does not ask for it",)
