"""``add`` on awslabs.mcp_lambda_handler, without sessions."""

import os
from typing import Any

from awslabs.mcp_lambda_handler import MCPLambdaHandler

server = MCPLambdaHandler("benchmark")


def add(a: int, b: int) -> int:
    """Add two integers.

    Args:
        a: one of them
        b: the other

    """
    return a + b


server.tool()(add)
for number in range(1, int(os.environ.get("TOOLS", "1"))):
    # It takes the name of a tool from the function.
    add.__name__ = f"add_{number}"
    server.tool()(add)


def handler(event: dict[str, Any], context: Any) -> Any:
    """Answer an API Gateway proxy event."""
    return server.handle_request(event, context)
