"""The mcp function: no token work, who is calling comes from the authorizer.

It makes no AWS call unless a request asks a legacy client something, sets a log level or uses tasks; and it never
reads a key, a client record or a secret's hash.
"""

from typing import Any

from runtime.handlers import ready
from runtime.handlers.mcp_services import services
from runtime.handlers.served_app import served_app
from runtime.http import telemetry
from runtime.http.dispatch import LambdaContext, dispatch
from runtime.mcp.endpoints import endpoints
from runtime.mcp.server import McpServer
from runtime.settings import app_module, mcp_settings

settings = mcp_settings()
telemetry.configure(settings.log_level)
server = McpServer(served_app(app_module()), settings, services(settings))
ENDPOINTS = endpoints(server)
ready()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an API Gateway proxy event."""
    return dispatch(event, ENDPOINTS, context)
