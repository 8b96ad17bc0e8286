"""``add`` on the MCP Python SDK."""

import os

from held_open import lambda_handler
from mcp.server.mcpserver import MCPServer

server = MCPServer("benchmark")


def add(a: int, b: int) -> int:
    """Add two integers."""
    return a + b


server.tool()(add)
for number in range(1, int(os.environ.get("TOOLS", "1"))):
    server.tool(name=f"add_{number}")(add)

# A host other than this machine: behind API Gateway the name in the Host header is the gateway's.
handler = lambda_handler(server.streamable_http_app(stateless_http=True, json_response=True, host="0.0.0.0"))  # noqa: S104
