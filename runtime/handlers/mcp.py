"""The mcp function: no AWS call and no token work; who is calling comes from the authorizer."""

from typing import Any

from runtime import telemetry
from runtime.app import app
from runtime.dispatch import dispatch
from runtime.endpoint import Endpoint
from runtime.mcp.errors import InternalError
from runtime.mcp.message import read_message
from runtime.mcp.server import McpServer
from runtime.settings import mcp_settings

settings = mcp_settings()
telemetry.configure(settings.log_level)
ENDPOINTS = {("POST", "/mcp"): Endpoint(McpServer(app, settings).handle, read_message, InternalError)}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer an API Gateway proxy event."""
    return dispatch(event, ENDPOINTS)
