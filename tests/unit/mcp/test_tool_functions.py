"""The functions of their own that tools have, as the handlers find them."""

import pytest

from runtime.handlers.mcp_services import services
from runtime.records.invocation import InvocationFailed
from runtime.settings import McpSettings


def test_a_tool_whose_function_was_not_deployed_does_not_run_in_the_server() -> None:
    """Its permissions, secrets and network are not there."""
    settings = McpSettings(
        "https://mcp.example.com",
        "INFO",
        server_name="server",
        allowed_origins=(),
        table_name="table",
        worker_name="worker",
        worker_seconds=900,
    )
    functions = services(settings).functions
    assert functions is not None
    with pytest.raises(InvocationFailed, match="this deployment has no function billing"):
        functions("billing")
