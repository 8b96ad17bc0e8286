"""Queries of CloudWatch Logs Insights: whether they are plausible, and which fields they name.

CloudWatch Logs User Guide, Logs Insights QL: only the commands, operators and functions that are documented there.
"""

import re
from collections.abc import Iterator

STRING = r"'[^']*'|\"[^\"]*\""
# A field with the name of a function stands between backticks.
FIELD = r"(?:@?[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|`[a-z]+`)"
FUNCTION = r"count|count_distinct|avg|max|min|sum|pct|bin|ispresent|latest|earliest"
VALUE = rf"(?:{STRING}|-?\d+(?:\.\d+)?)"
CALL = rf"(?:{FUNCTION})\((?:\*|{FIELD}(?:, \d+)?|\d+[smhd])\)"
TERM = rf"(?:{CALL}|{FIELD})"
COMPARISON = (
    rf"(?:{TERM} (?:=|!=|<|>|<=|>=) {VALUE}|{FIELD} (?:not )?like /[^/]+/|{FIELD} in \[{VALUE}(?:, {VALUE})*\]"
    rf"|ispresent\({FIELD}\)|not ispresent\({FIELD}\))"
)
CONDITION = rf"\(?{COMPARISON}\)?(?: (?:and|or) \(?{COMPARISON}\)?)*"
NAMED = rf"{TERM}(?: as [a-z][A-Za-z]*)?"
COMMANDS = {
    "fields": rf"{NAMED}(?:, {NAMED})*",
    "filter": CONDITION,
    "stats": rf"{CALL}(?: as [a-z][A-Za-z]*)?(?:, {CALL}(?: as [a-z][A-Za-z]*)?)*(?: by {TERM}(?:, {TERM})*)?",
    "sort": rf"{FIELD}(?: asc| desc)?(?:, {FIELD}(?: asc| desc)?)*",
    "limit": r"\d+",
    "display": rf"{FIELD}(?:, {FIELD})*",
}
WORDS = {"and", "or", "not", "like", "in", "as", "by", "asc", "desc"}


class BadQuery(ValueError):
    """A query that is not plausible."""


def named_fields(query: str) -> set[str]:
    """Return the fields that a query takes from the lines of a log. Raise ``BadQuery``."""
    named: set[str] = set()
    made: set[str] = set()
    for command, text in _commands(query):
        if command not in COMMANDS or not re.fullmatch(COMMANDS[command], text):
            raise BadQuery(f"{command} {text}")
        if text.count("(") != text.count(")"):
            raise BadQuery(text)
        made |= set(re.findall(r" as ([a-z][A-Za-z]*)", text))
        plain = re.sub(rf"{STRING}|/[^/]+/|\b(?:{FUNCTION})\(|\b\d+[smhd]?\b", " ", text)
        named |= {name.strip("`") for name in re.findall(FIELD, plain)} - WORDS - made
    return named


def _commands(query: str) -> Iterator[tuple[str, str]]:
    """Return the commands of a query, which pipes with spaces around them separate."""
    for part in " ".join(query.split()).split(" | "):
        command, _, text = part.partition(" ")
        yield command, text
