"""Tests of what ``pulumi new`` asks. It removes the prompts from the project that it makes, which has none to test."""

import json
import re
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from components.config_members import rule_of
from tests.infra.recorder import PROJECT

# These are of the AWS provider.
FOREIGN = {"aws:region"}


def prompts() -> dict[str, dict[str, str]]:
    template = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text()).get("template", {})
    return dict(template.get("config", {}))


def rules() -> dict[str, Any]:
    properties = json.loads((PROJECT / "schemas" / "stack-config.json").read_text())["properties"]
    return {key: rule_of(key, properties) for key in prompts() if key not in FOREIGN}


def test_every_key_that_is_asked_for_is_one_of_the_schema() -> None:
    assert all(rules().values())


def test_a_default_is_that_of_the_schema() -> None:
    """So an answer may be left out later, and the new project does what the repository does."""
    for key, rule in rules().items():
        default = prompts()[key].get("default")
        assert default is None or default == rule["default"], key


def test_a_value_that_nobody_enters_need_not_be_set() -> None:
    """Pulumi saves no empty answer. Members of an object have no default, because nobody has to set the object."""
    for key, rule in rules().items():
        assert "default" in rule or "." in key, key


def test_what_is_typed_is_text_to_pulumi() -> None:
    """A number would be one in the stack's file, and 3.10 would be 3.1."""
    for key, rule in rules().items():
        default = prompts()[key].get("default", "")
        assert isinstance(default, str), key
        assert not default or Draft202012Validator(rule).is_valid(default), key


def test_a_prompt_fits_on_a_line() -> None:
    """Pulumi adds the key and the default, and draws the line anew with each letter."""
    for key, prompt in prompts().items():
        line = f"{prompt['description']} ({key}) ({prompt.get('default', '')}): "
        assert len(line) <= 120, line


def test_the_page_lists_what_is_asked() -> None:
    page = (PROJECT / "docs" / "new.md").read_text()
    listed = re.findall(r"^\| `(\S+)` \|", page, re.MULTILINE)
    assert not prompts() or listed == sorted(prompts())


def test_no_file_has_text_that_pulumi_would_take_for_the_name_of_the_project() -> None:
    variables = [f"${{{name}}}".encode() for name in ("PROJECT", "DESCRIPTION")]
    folders = [PROJECT / name for name in ("admin", "components", "docs", "local", "runtime", "schemas")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files += [path for path in PROJECT.iterdir() if path.is_file()]
    assert not [path for path in files if any(variable in path.read_bytes() for variable in variables)]
