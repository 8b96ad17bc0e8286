"""The app that the programs in three languages declare, and what the command that starts an example prints."""

import subprocess

import pytest

from local.program import ROOT
from tests.examples.conftest import Example

pytestmark = pytest.mark.stack


def test_a_tool_of_the_example_answers(example: Example) -> None:
    assert example.call("open_tickets", team="ops", limit=1) == '["Disk is full"]'
    assert example.fail("open_tickets", team="nobody") == "There is no such team."


def test_the_command_that_starts_an_example_prints_its_tools_and_a_command_that_calls_one(example: Example) -> None:
    listed, _, command = example.printed.partition("Call one:\n\n")
    assert "Tools of examples/python:\n  open_tickets  List the titles of a team's open tickets.\n" in listed
    called = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S602
    # It shows what a call looks like, and no team is called "...".
    assert (called.returncode, called.stdout) == (1, "There is no such team.\n"), called.stderr
