"""Cursor."""

from admin.doctor.profile import PUBLIC, Profile, Source

CURSOR = Profile(
    name="Cursor",
    sources=(
        Source(
            "https://github.com/cloudflare/workers-oauth-provider/releases/tag/v1.2.1",
            "2026-10-03",
            "registers cursor://anysphere.cursor-mcp/oauth/callback beside its https and loopback callbacks",
        ),
        Source("https://cursor.com/docs/mcp", "2026-09-08", "http://localhost:8787/callback on the desktop"),
        Source(
            "https://forum.cursor.com/t/oauth-redirect-uri-changed-from-cursor-to-http-localhost-for-streamable-http-mcp/165019",
            "2026-07-08",
            "a server that lets clients register must accept all three callbacks",
        ),
        Source(
            "https://forum.cursor.com/t/mcp-oauth-cimd-support-plans-and-timelines/148096",
            "2026-08-28",
            "has no client metadata document",
        ),
    ),
    assumed="Its order of discovery and its revision are not published; a server owner measured the challenge, the "
    "resource metadata and the RFC 8414 form that keeps the issuer's path, and 2025-11-25.",
    redirect_uri="http://localhost:8787/callback",
    registration={
        "redirect_uris": [
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://localhost:8787/callback",
        ],
        "token_endpoint_auth_method": PUBLIC,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "client_name": "Cursor",
    },
)
