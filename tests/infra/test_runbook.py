"""Tests that hold the runbook against the alarms, both ways, and its queries against the fields of our log lines."""

import json
import re

import pytest

from tests.infra.recorder import PROJECT, Stack
from tests.support.insights import BadQuery, named_fields
from tests.support.log_fields import EVERYWHERE, access_log_fields, audit_log_fields, function_log_fields

RUNBOOK = (PROJECT / "docs" / "runbook.md").read_text()
KINDS = ("cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm")
FIELDS = {"access log": access_log_fields, "audit log": audit_log_fields, "function log": function_log_fields}
QUERIES = re.findall(r"```text (\w+ log)\n(.*?)```", RUNBOOK, re.DOTALL)


def sections() -> dict[str, str]:
    """Return the text of each section on alarms, by its anchor."""
    parts = re.split(r"^## (.+)$", RUNBOOK, flags=re.MULTILINE)[1:]
    found = {anchor(title): text for title, text in zip(parts[::2], parts[1::2], strict=True)}
    assert next(iter(found)) == "before-you-start"
    # Recipes belong to no alarm.
    return {name: text for name, text in found.items() if name not in {"before-you-start", "recipes"}}


def anchor(title: str) -> str:
    return re.sub("[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def alarms(stack: Stack) -> dict[str, str]:
    """Return the anchor that the description of each alarm names, by the name of the alarm."""
    found = {}
    for each in (alarm for kind in KINDS for alarm in stack.all(kind)):
        description = re.fullmatch(
            r"[A-Z].*\. What to do: docs/runbook\.md#([a-z0-9-]+)", each.inputs["alarmDescription"]
        )
        assert description, each.name
        found[each.name.partition("-monitoring-")[2]] = description[1]
    return found


def test_every_alarm_has_a_section_and_every_section_an_alarm(custom_stack: Stack) -> None:
    """``custom_stack`` has every alarm that a configuration can declare."""
    assert set(alarms(custom_stack).values()) == sections().keys()


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_a_section_names_its_alarms(name: str, request: pytest.FixtureRequest) -> None:
    listed = {
        alarm: section
        for section, text in sections().items()
        for alarm in re.findall(r"`([a-z0-9-]+)`", text.strip().partition("\n")[0].removeprefix("Alarms: "))
    }
    declared = alarms(request.getfixturevalue(name))
    assert declared.items() <= listed.items()
    if name == "custom_stack":
        assert declared == listed


@pytest.mark.parametrize("section", sections().values(), ids=sections())
def test_a_section_says_what_it_means_how_to_look_and_what_to_do(section: str) -> None:
    parts = re.findall(r"^\*\*(.+?)\*\*", section, re.MULTILINE)
    assert parts == ["What it means.", "How to look.", "What to do."]
    look = section.partition("**How to look.**")[2].partition("**What to do.**")[0]
    assert "```" in look


@pytest.mark.parametrize(("log", "query"), QUERIES)
def test_a_query_is_plausible_and_names_only_fields_of_its_log(log: str, query: str) -> None:
    assert named_fields(query) <= FIELDS[log]() | EVERYWHERE


def test_a_block_without_a_log_is_a_command() -> None:
    assert set(re.findall(r"^```(\S.*)$", RUNBOOK, re.MULTILINE)) <= {"sh", *(f"text {log}" for log in FIELDS)}


def test_the_query_of_the_dashboard_names_only_fields_of_the_access_log(stack: Stack) -> None:
    body = json.loads(stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])
    [query] = [each["properties"]["query"] for each in body["widgets"] if each["type"] == "log"]
    source, _, rest = query.partition(" | ")
    assert source == "SOURCE 'remote-mcp-dev-api-access-logs'"
    assert named_fields(rest) <= access_log_fields()


@pytest.mark.parametrize(
    "query",
    [
        "filter status = 500 sort status",
        "filter status == 500",
        "filter route = /mcp",
        "stats counts(*) by route",
        "stats count(*) as requests by route, | limit 5",
        "select * from logs",
        "filter (status = '500' or status = '503'",
        "limit ten",
    ],
)
def test_a_query_with_a_slip_is_found(query: str) -> None:
    with pytest.raises(BadQuery):
        named_fields(query)


def test_links_within_the_page_lead_to_headings() -> None:
    links = re.findall(r"\]\(#([a-z0-9-]+)\)", RUNBOOK)
    assert set(links) <= {anchor(title) for title in re.findall("^##+ (.+)$", RUNBOOK, re.MULTILINE)}
