"""``add`` on FastMCP."""

import os

from fastmcp import FastMCP
from held_open import lambda_handler

server = FastMCP("benchmark")


def add(a: int, b: int) -> int:
    """Add two integers."""
    return a + b


server.tool(add)
for number in range(1, int(os.environ.get("TOOLS", "1"))):
    server.tool(add, name=f"add_{number}")

handler = lambda_handler(server.http_app(stateless_http=True, json_response=True))
