"""Two example resources; replace them with your own."""

import json
import platform

from runtime.authoring import Context, resource


@resource("server://about", title="About this server", mime_type="text/markdown")
def about() -> str:
    """What this server is and how to make it your own."""
    return (
        "# A remote MCP server\n\n"
        "It runs on AWS Lambda behind API Gateway, with an authorization server of its own.\n"
        "Its tools and resources are plain Python functions under `runtime/app/`.\n"
    )


@resource("server://status", title="Status", mime_type="application/json")
def status(context: Context) -> str:
    """The Python that the server runs on, and the protocol revision of this request."""
    return json.dumps({"python": platform.python_version(), "protocolVersion": context.protocol_version})
