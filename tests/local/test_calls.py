"""Tests of what is shown of a tool and of its result."""

from pathlib import Path
from typing import Any

import pytest

from local.calls import sample, text_of
from local.instructions import example_instructions
from local.state import State

URL = "http://localhost:8080"


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ({"type": "string", "examples": ["2026-10"], "enum": ["2026-09"]}, "2026-10"),
        ({"enum": ["asc", "desc"]}, "asc"),
        ({"type": "integer", "default": 10}, 10),
        ({"const": "a"}, "a"),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number"}, 1),
        ({"type": "boolean"}, True),
        ({"type": "array"}, []),
        ({"type": "string"}, "..."),
        ({}, "..."),
    ],
)
def test_a_value_shows_what_a_schema_wants(schema: dict[str, Any], shown: object) -> None:
    assert sample(schema) == shown


def test_of_an_object_the_required_members_are_shown_and_those_with_an_example() -> None:
    properties = {"month": {"type": "string"}, "limit": {"type": "integer"}, "team": {"examples": ["ops"]}}
    schema = {"type": "object", "properties": properties, "required": ["month"]}
    assert sample(schema) == {"month": "...", "team": "ops"}


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"structuredContent": {"n": 1}, "content": [{"type": "text", "text": '{"n":1}'}]}, '{\n  "n": 1\n}'),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}, "a\nb"),
        ({"content": [{"type": "image", "data": "AA=="}]}, '{"type": "image", "data": "AA=="}'),
    ],
)
def test_a_result_is_shown_as_its_structure_or_its_text(result: dict[str, Any], text: str) -> None:
    assert text_of(result) == text


def test_the_instructions_of_an_example_list_its_tools_and_call_the_first() -> None:
    state = State(Path("/stack"), 8080, 1, "eu-central-1", outputs={"mcp_url": f"{URL}/mcp", "issuer": URL})
    team = {"type": "string", "examples": ["it's ours"]}
    schema = {"type": "object", "properties": {"team": team}, "required": ["team"]}
    tools = [
        {"name": "open_tickets", "description": "List titles.\n\nOf a team.", "inputSchema": schema},
        {"name": "add", "description": "Add.", "inputSchema": {"type": "object"}},
    ]
    said = example_instructions(state, "tickets", tools)
    assert "Tools of examples/tickets:\n  open_tickets  List titles.\n  add           Add.\n" in said
    assert said.endswith("""-m local --dir=/stack call open_tickets '{"team": "it'"'"'s ours"}'""")
    assert "Call one" not in example_instructions(state, "tickets", [])
