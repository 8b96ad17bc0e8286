"""Claude on the web, on the desktop and on phones: connectors, which call from Anthropic's network."""

from admin.doctor.profile import OAUTH, OAUTH_ROOT, OPENID_ROOT, PUBLIC, REFUSED, UNREADABLE, Profile, Search, Source

CALLBACK = "https://claude.ai/api/mcp/auth_callback"
CLAUDE = Profile(
    name="Claude",
    sources=(
        Source(
            "https://claude.com/docs/connectors/building/authentication",
            "2026-10-09",
            "a 401 is required; order of discovery; resource must match exactly; scope of the challenge, else of the "
            "metadata, plus offline_access; documents need `none`; callback; 10 seconds per answer",
        ),
        Source(
            "https://github.com/anthropics/claude-ai-mcp/issues/199",
            "2026-05-09",
            "without resource metadata Claude registers at /register of the server's origin",
        ),
        Source(
            "https://github.com/anthropics/claude-ai-mcp/issues/82",
            "2026-05-12",
            "tries the RFC 8414 form that keeps the issuer's path, and with a fix the root; else default endpoints",
        ),
        Source(
            "https://github.com/anthropics/claude-ai-mcp/issues/376",
            "2026-05-29",
            "tries /.well-known/openid-configuration too",
        ),
        Source(
            "https://github.com/anthropics/claude-ai-mcp/issues/367",
            "2026-05-27",
            "fails for a server below a path: asks for the metadata at the root of the host",
        ),
    ),
    assumed="The members of its registration, and that a 5xx ends its search, are not published. Its document is "
    "https://claude.ai/oauth/mcp-oauth-client-metadata by reports of server owners (2026-09-29).",
    redirect_uri=CALLBACK,
    registration={
        "client_name": "Claude",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": PUBLIC,
    },
    falls_back_to_origin=False,
    resource_match="exact",
    server=Search((OAUTH, OAUTH_ROOT, OPENID_ROOT), frozenset({REFUSED, UNREADABLE})),
    patience_seconds=10,
    document="https://claude.ai/oauth/mcp-oauth-client-metadata",
    document_needs_none=True,
    registers_scope=True,
    asks_for_offline_access=True,
    hosted=True,
)
