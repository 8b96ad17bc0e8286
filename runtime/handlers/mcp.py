"""The mcp function. It verifies no tokens: the authorizer identifies the caller.

It makes no AWS call unless a request asks a legacy client a question, sets a log level or uses tasks. It never reads a
key, a client record or the hash of a secret.
"""

from typing import Any

from runtime.environment import app_module, mcp_settings
from runtime.handlers import enable_garbage_collector
from runtime.handlers.app_values import provide_values
from runtime.handlers.load_app import load_app
from runtime.handlers.mcp_services import services
from runtime.http import telemetry
from runtime.http.dispatch import LambdaContext, dispatch
from runtime.mcp.endpoints import endpoints
from runtime.mcp.server import McpServer

settings = mcp_settings()
telemetry.configure(settings.log_level)
server = McpServer(load_app(app_module()), settings, services(settings))
# After the import of the app: what is read there would outlive its next value.
provide_values()
ENDPOINTS = endpoints(server)
enable_garbage_collector()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer an API Gateway proxy event."""
    return dispatch(event, ENDPOINTS, context, settings.is_behind_proxy)
