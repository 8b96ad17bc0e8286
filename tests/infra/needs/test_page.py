"""The needs file of docs/authoring.md says what its tools need."""

import json
import re
from pathlib import Path
from unittest.mock import create_autospec

from components.needs import FunctionCollector, Needs
from tests.infra.functions import environment
from tests.infra.policies import statements
from tests.infra.recorder import arn, run_program

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "authoring.md").read_text()
[FILE] = re.findall(r"ut this into\n`needs.py`:\n\n```python\n(.*?)```", PAGE, re.DOTALL)
SECRET_LINES, DATABASE_LINES = re.findall(r"Add to `declare`:\n\n```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_tools_of_the_page_may_read_the_bucket_and_the_key(tmp_path: Path) -> None:
    file = tmp_path / "needs.py"
    file.write_text(FILE + SECRET_LINES)
    stack = run_program({"appNeeds": str(file)})
    bucket = arn("Bucket", "remote-mcp-dev-reports")
    allowed = {action: each["Resource"] for each in statements(stack, "-mcp-policy") for action in each["Action"]}
    assert (allowed["s3:ListBucket"], allowed["s3:GetObject"]) == ([bucket], [f"{bucket}/*"])
    variables = environment(stack, "mcp")
    assert variables["REPORTS_BUCKET"] == "remote-mcp-dev-reports"
    assert variables["TICKETS_URL"] == "https://tickets.example.com"
    assert list(json.loads(variables["SECRETS"])) == ["TICKETS_TOKEN"]


def test_the_function_of_the_database_gets_the_network_alone() -> None:
    """Its driver is the reader's to install, so the program does not run with it."""
    needs = create_autospec(Needs, instance=True)
    own = create_autospec(FunctionCollector, instance=True)
    needs.function.return_value = own
    namespace: dict[str, object] = {"needs": needs}
    exec("if True:\n" + DATABASE_LINES, namespace)  # noqa: S102  # what the page tells its readers to write
    needs.function.assert_called_once_with("database")
    assert not needs.network.called
    own.network.assert_called_once()
    own.secret.assert_called_once_with("DATABASE_PASSWORD")
