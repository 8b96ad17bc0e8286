"""What counts as passed in a run of the conformance suite."""

import json
from pathlib import Path

import pytest

from tests.conformance import suite
from tests.conformance.report import table
from tests.conformance.result import Check, Result

GOOD = Check("asked-for", "SUCCESS")
SCHEMA = Check("wire-schema-valid", "SUCCESS")


def outcome(*checks: Check) -> Result:
    return Result("tools-list", "2026-07-28", checks)


@pytest.mark.parametrize(
    ("checks", "passed"),
    [
        ([GOOD], True),
        ([GOOD, Check("other", "SKIPPED"), Check("more", "INFO")], True),
        ([GOOD, Check("other", "FAILURE")], False),
        ([GOOD, Check("other", "WARNING")], False),
        ([Check("other", "SKIPPED")], False),
        ([Check("other", "INFO")], False),
        ([SCHEMA, Check("other", "SKIPPED")], False),
        ([], False),
    ],
)
def test_a_scenario_passes_when_something_was_checked_and_nothing_failed_or_warned(
    checks: list[Check], passed: bool
) -> None:
    assert outcome(*checks).passed is passed


def test_the_last_line_of_the_table_counts_scenarios_and_a_failure_tells_its_reason() -> None:
    shown = table([outcome(GOOD), outcome(GOOD, Check("some-rule", "WARNING", "should have"))]).splitlines()
    assert "    WARNING some-rule: should have" in shown
    assert shown[-1] == "1 passed, 1 failed"


def test_a_scenario_that_left_no_result_has_failed(tmp_path: Path) -> None:
    said = ["Failed to run scenario ping: Error: no", "Failed to run scenario tools-list: Error: why"]
    (check,) = suite.findings(tmp_path, "server", "tools-list", said)
    assert (check.status, check.reason) == ("FAILURE", said[1])


def test_a_result_is_found_by_the_name_of_its_scenario(tmp_path: Path) -> None:
    for name, identifier in (("tools-list", "one"), ("tools-list-more", "another")):
        directory = tmp_path / f"server-{name}-2026-07-28T00-00-00-000Z"
        directory.mkdir()
        (directory / "checks.json").write_text(json.dumps([{"id": identifier, "status": "SUCCESS"}]))
    assert suite.findings(tmp_path, "server", "tools-list", []) == [Check("one", "SUCCESS")]
