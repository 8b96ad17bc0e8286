"""Tools that read a bucket, on the emulator, which enforces their permissions."""

import json

import pytest

from tests.examples.conftest import Example

pytestmark = pytest.mark.stack
FIRST = "2026-11.md"


def test_the_tools_list_and_read_the_reports(example: Example) -> None:
    found = example.call("list_reports")
    assert ([report["name"] for report in found["reports"]], found["more"]) == ([FIRST], False)
    assert example.call("read_report", name=FIRST) == "# November\n\nRevenue: 12,000.\n"


def test_a_report_that_does_not_exist_is_told(example: Example) -> None:
    assert example.fail("read_report", name="2026-12.md") == "There is no such report."


@pytest.mark.parametrize(
    ("action", "tool", "arguments"),
    [("s3:ListBucket", "list_reports", {}), ("s3:GetObject", "read_report", {"name": FIRST})],
)
def test_each_permission_is_needed(example: Example, action: str, tool: str, arguments: dict[str, str]) -> None:
    """Last, because it takes the permission away."""
    iam = example.stack.client("iam")
    [role] = [role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].endswith("-mcp")]
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    kept = [statement for statement in document["Statement"] if statement["Action"] != [action]]
    assert len(document["Statement"]) - len(kept) == 1
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**document, "Statement": kept}))
    try:
        assert example.fail(tool, **arguments) == "The reports cannot be read: AccessDenied."
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
