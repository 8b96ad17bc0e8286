"""mcp-remote, a bridge for clients that can only start programs. Its OAuth client is the TypeScript SDK, version 1."""

from dataclasses import replace

from admin.doctor.clients.typescript_sdk import TYPESCRIPT_SDK
from admin.doctor.profile import PUBLIC, Source

MCP_REMOTE = replace(
    TYPESCRIPT_SDK,
    name="mcp-remote",
    sources=(
        Source(
            "https://www.npmjs.com/package/mcp-remote/v/0.15.1",
            "2026-11-27",
            "measured on a server below a path: it finds the metadata (0.1.30 does, 0.1.18 does not); registration and "
            "authorization request",
        ),
        Source(
            "https://github.com/geelen/mcp-remote/blob/d26e5a821ee7e266109f05871ecc2570d8a7054a/src/lib/utils.ts",
            "2026-08-21",
            "callback, scope",
        ),
        *TYPESCRIPT_SDK.sources,
    ),
    assumed="Version 1 of the SDK does not compare issuers; apart from that it is taken to be like version 2.",
    redirect_uri="http://localhost:45053/oauth/callback",
    registration={
        "redirect_uris": ["http://localhost:45053/oauth/callback"],
        "token_endpoint_auth_method": PUBLIC,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "client_name": "MCP CLI Proxy",
        "client_uri": "https://github.com/modelcontextprotocol/mcp-cli",
        "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
        "software_version": "0.15.1",
        "application_type": "native",
    },
    exact_issuer=False,
    asks_for_offline_access=False,
)
