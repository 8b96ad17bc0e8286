"""The routes of the MCP endpoint."""

from runtime.http.endpoint import Endpoint, Endpoints
from runtime.mcp.errors import InternalError
from runtime.mcp.message import read_messages
from runtime.mcp.server import McpServer


def endpoints(server: McpServer) -> Endpoints:
    """Return the endpoints by method and path."""
    return {
        ("POST", "/mcp"): Endpoint(server.post, read_messages, InternalError, admit=server.admit),
        ("GET", "/mcp"): Endpoint(server.get, failure=InternalError, admit=server.admit),
    }
