"""Write the tables of `docs/policy.md` from the rules of the policy pack."""

import json
from collections.abc import Iterator
from pathlib import Path

from aws_rules.registry import RULES
from aws_rules.rule import Rule

PAGE = Path(__file__).resolve().parent / "policy.md"
BEGIN, END = "<!-- make docs writes what follows -->\n", "<!-- make docs wrote this -->\n"


def policy_page() -> str:
    """Return the whole page with the tables of the rules as they are."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return before + BEGIN + _tables() + END + rest.partition(END)[2]


def _tables() -> str:
    rules = ["| rule | level | what it demands | controls |", "| --- | --- | --- | --- |"]
    rules += [
        f"| `{rule.name}` | {rule.level.value} | {rule.description} | {', '.join(rule.controls)} |" for rule in RULES
    ]
    settings = ["| rule | setting | default | meaning |", "| --- | --- | --- | --- |"]
    settings += [row for rule in RULES for row in _settings(rule)]
    return "\n".join(["", *rules, "", "### The settings of single rules", "", *settings, "", ""])


def _settings(rule: Rule) -> Iterator[str]:
    for name, setting in rule.settings.items():
        if name != "exceptions":
            yield f"| `{rule.name}` | `{name}` | `{json.dumps(setting.default)}` | {setting.meaning} |"
