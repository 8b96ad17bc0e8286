"""The outputs of a stack, and what the documents say of them."""

import inspect
import re

from components.server.server import RemoteMcpServer
from tests.infra.recorder import PROJECT, Stack


def test_the_documents_explain_every_output_and_no_other(stack: Stack, custom_stack: Stack) -> None:
    page = (PROJECT / "docs" / "deploy.md").read_text().partition("\n## Outputs\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE)
    assert [name for name, _ in rows] == list(dict(rows))
    assert dict(rows).keys() == inspect.get_annotations(RemoteMcpServer).keys()
    assert dict(rows).keys() >= stack.outputs.keys() | custom_stack.outputs.keys()
