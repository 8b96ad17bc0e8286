"""The MCP Inspector, a web page on the user's computer. Its OAuth client is the TypeScript SDK."""

from dataclasses import replace

from admin.doctor.clients.typescript_sdk import TYPESCRIPT_SDK
from admin.doctor.profile import PUBLIC, Source

INSPECTOR = replace(
    TYPESCRIPT_SDK,
    name="MCP Inspector",
    sources=(
        Source(
            "https://github.com/modelcontextprotocol/inspector/blob/86d5f58ec8c369839b8237455ad8b1c17b15a984/core/auth/providers.ts",
            "2026-08-19",
            "members of its registration, callback; the rest is the TypeScript SDK",
        ),
        *TYPESCRIPT_SDK.sources,
    ),
    assumed="Version 2 sends its requests through a server of its own, version 1 also from the page. Here the "
    "page sends them: it needs more.",
    redirect_uri="http://localhost:6274/oauth/callback",
    registration={
        "redirect_uris": ["http://localhost:6274/oauth/callback"],
        "token_endpoint_auth_method": PUBLIC,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "client_name": "MCP Inspector",
        "client_uri": "https://github.com/modelcontextprotocol/inspector",
        "scope": "",
        "application_type": "native",
    },
    page="http://localhost:6274",
)
