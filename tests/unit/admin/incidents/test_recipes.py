"""The recipes in docs/runbook.md: one for each command, as it can be typed."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from admin.__main__ import _parser
from admin.incidents.arguments import add_commands

DOCS = Path(__file__).resolve().parents[4] / "docs"
RECIPES = (DOCS / "runbook.md").read_text().partition("## Recipes\n")[2]
PROMPT = re.compile(r"^\.venv/bin/python -m admin (.*)$", re.MULTILINE)


def typed(text: str) -> list[list[str]]:
    """Return the arguments of each command in a document, without what it is piped into and what it reads."""
    return [shlex.split(re.split(r" [|<] ", line)[0], comments=True) for line in PROMPT.findall(text)]


def test_every_command_has_a_recipe() -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    add_commands(commands)
    assert set(commands.choices) == {_parser().parse_args(arguments).command for arguments in typed(RECIPES)}


@pytest.mark.parametrize("page", ["runbook.md", "operations.md"])
def test_each_command_can_be_typed_as_it_is_printed(page: str) -> None:
    lines = typed((DOCS / page).read_text())
    assert lines
    for arguments in lines:
        assert _parser().parse_args(arguments).stack in {"prod", None}
