"""Claude Code, which calls from the user's computer."""

from admin.doctor.profile import OAUTH_ROOT, OPENID_ROOT, PUBLIC, REFUSED, Profile, Search, Source

CLAUDE_CODE = Profile(
    name="Claude Code",
    sources=(
        Source(
            "https://www.npmjs.com/package/@anthropic-ai/claude-code",
            "2026-11-27",
            "measured with 2.1.197 on a server below a path and on one at the root: order of discovery, registration, "
            "document, authorization request, initialize with 2025-11-25",
        ),
        Source(
            "https://github.com/anthropics/claude-code/issues/95270",
            "2026-09-18",
            "asks for the authorization server metadata at the root of the host, whatever the issuer's path",
        ),
        Source(
            "https://claude.com/docs/connectors/building/authentication",
            "2026-10-09",
            "loopback redirect URI on any port, registered without one",
        ),
    ),
    assumed="That a 5xx or an answer that is not JSON ends its search: as in the SDK it is built on.",
    redirect_uri="http://localhost:3118/callback",
    registration={
        "client_name": "Claude Code (doctor)",
        "redirect_uris": ["http://localhost:3118/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": PUBLIC,
    },
    resource_match="exact",
    server=Search((OAUTH_ROOT, OPENID_ROOT), frozenset({REFUSED})),
    document="https://claude.ai/oauth/claude-code-client-metadata",
    registers_scope=True,
    asks_for_offline_access=True,
)
