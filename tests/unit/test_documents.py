"""The documents say what is so."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SECURITY = (ROOT / "docs" / "security.md").read_text()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def table(what: str, properties: dict[str, Any]) -> str:
    """The table of configuration keys, or of the members of one, as it must stand in the README."""
    rows = [f"| {what} | default | meaning |", "| --- | --- | --- |"]
    for key, rule in properties.items():
        default = f"`{json.dumps(rule['default'])}`" if rule.get("default") is not None else "not set"
        rows.append(f"| `{key}` | {default if 'default' in rule else 'required'} | {rule['description']} |")
    return "\n".join(rows)


def test_the_readme_lists_every_configuration_key_with_its_default() -> None:
    properties = json.loads((ROOT / "schemas" / "stack-config.json").read_text())["properties"]
    assert table("key", properties) in README
    assert table("member of `upstream`", properties["upstream"]["properties"]) in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), target


def test_the_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_test_that_a_promise_of_security_rests_on_is_there() -> None:
    promised = re.findall(r"`((?:unit|infra|e2e|local|browser)/[a-z0-9_/]+\.py)(?:::(\w+))?`", SECURITY)
    assert len(promised) > 50
    for path, test in promised:
        assert f"def {test}" in (ROOT / "tests" / path).read_text(), (path, test)
