"""A remote MCP server, declared in Python."""

import pulumi
from pulumi_remote_mcp import RemoteMcpServer

config = pulumi.Config()

server = RemoteMcpServer(
    "tools",
    # What stands in the folder of this program takes the place of the example tools.
    app_directory="app",
    server_name="tools",
    scopes={"mcp": "Use the tools"},
    # The Python of this machine, unless it is the default.
    python_version=config.get("pythonVersion"),
    tags={"team": "platform"},
)

pulumi.export("mcpUrl", server.mcp_url)
pulumi.export("registrationUrl", server.registration_url)
