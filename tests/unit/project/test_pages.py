"""Which commands of the documents are run, and what holds the others."""

import json
import subprocess
import sys

import pytest

from tests.engine.readings import DEPLOY, DESTROY, FIRST, NOT_RUN, READINGS, SETTINGS, is_not_run
from tests.support.pages import ROOT, Block, blocks_of

PAGES = sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
READ = {(DEPLOY, FIRST), (DEPLOY, DESTROY), *((reading.page, reading.section) for reading in (*READINGS, *SETTINGS))}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}: {block.text.splitlines()[0][:60]}")
def test_every_command_of_the_documents_is_run_or_it_is_said_why_not(block: Block) -> None:
    assert ((block.page, block.section) in READ) or is_not_run(block.page, block.text)


def test_what_is_named_as_read_or_not_run_is_there() -> None:
    assert {(block.page, block.section) for block in BLOCKS} >= READ
    for page, beginning in NOT_RUN:
        assert [block for block in blocks_of(page) if block.text.startswith(beginning)], (page, beginning)


def test_the_packages_that_the_page_installs_are_those_that_the_tests_run_with() -> None:
    """The page's own command is not run: it would make the environment of the tests anew."""
    [install] = [block.text for block in BLOCKS if block.text.startswith("python3.14 -m venv")]
    arguments = install.partition(".venv/bin/python ")[2].split()
    dry = [sys.executable, *arguments, "--dry-run", "--no-deps", "--no-index", "--quiet"]
    done = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    default = json.loads((ROOT / "schemas" / "stack-config.json").read_bytes())["properties"]["pythonVersion"][
        "default"
    ]
    assert install.startswith(f"python{default} ")


def test_the_readme_deploys_with_commands_of_the_page() -> None:
    [short] = [block.text for block in blocks_of("README.md") if block.section == "Deploy"]
    page = "".join(block.text for block in blocks_of(DEPLOY))
    for line in short.splitlines():
        command = line.partition("  #")[0].rstrip()
        assert command in page, command
