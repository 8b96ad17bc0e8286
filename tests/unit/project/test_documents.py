"""The documents say what is so."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from docs.generate import PAGE, configuration_page
from runtime.audit import EventName

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text()
SECURITY = (ROOT / "docs" / "security.md").read_text()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_configuration_page_is_made_from_the_schema() -> None:
    assert PAGE.read_text() == configuration_page(), "run make docs"


def test_the_readme_is_short() -> None:
    assert len(README.split()) <= 700


def test_each_decision_of_the_architecture_takes_eighty_words_at_most() -> None:
    decisions = re.split(r"^### ", (ROOT / "docs" / "architecture.md").read_text(), flags=re.MULTILINE)[1:]
    assert len(decisions) > 30
    for decision in decisions:
        title, _, text = decision.partition("\n")
        assert len(text.split("\n## ")[0].split()) <= 80, title


def test_the_tool_of_the_readme_is_listed_as_it_says() -> None:
    code, listed = (re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)[0] for kind in ("python", "json"))
    namespace: dict[str, Any] = {"__name__": "readme"}
    exec(code, namespace)  # noqa: S102  # what the README tells its readers to write
    assert namespace["open_tickets"].listing == json.loads(listed)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target, _, anchor in re.findall(r"\]\(([^)#\s]*)(#([^)\s]*))?\)", document.read_text()):
        if target.startswith("http"):
            continue
        page = document.parent / target if target else document
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), f"{target}#{anchor}"


def test_the_page_about_restores_names_only_events_that_there_are() -> None:
    [listed] = re.findall(r"filter event in \[(.*?)\]", (ROOT / "docs" / "restore.md").read_text(), re.DOTALL)
    named = set(re.findall(r'"(\w+)"', listed))
    assert named < set(get_args(EventName))
    # Whatever ends access, and so is undone by a restore.
    ending = {
        event for event in get_args(EventName) if re.search("deleted|disabled|removed|revoked|reused|replayed", event)
    }
    assert ending <= named


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_test_that_a_promise_of_security_rests_on_is_there() -> None:
    promised = re.findall(r"`((?:unit|infra|e2e|local|browser|engine)/[a-z0-9_/]+\.py)(?:::(\w+))?`", SECURITY)
    assert len(promised) > 50
    for path, test in promised:
        assert f"def {test}" in (ROOT / "tests" / path).read_text(), (path, test)
