"""The official Python SDK, with the settings of its documentation."""

from admin.doctor.profile import (
    MODERN_OPENING,
    MODERN_REVISION,
    REFUSED,
    SPECIFIED,
    UNREADABLE,
    Profile,
    Search,
    Source,
)

REPOSITORY = "https://github.com/modelcontextprotocol/python-sdk/blob/57394b0548d1e2dc2dce8d67d84985769df3b8bb"
PYTHON_SDK = Profile(
    name="Python SDK",
    sources=(
        Source(
            f"{REPOSITORY}/src/mcp/client/auth/utils.py",
            "2026-08-20",
            "order of discovery; any failure leads to the next resource metadata; 4xx and unreadable documents lead to "
            "the next server metadata, other failures end the search; issuer as a string; scope",
        ),
        Source(
            f"{REPOSITORY}/src/mcp/client/client.py",
            "2026-08-20",
            "opens with server/discover and falls back to initialize",
        ),
    ),
    assumed="An application chooses its own name and redirect URI.",
    redirect_uri="http://localhost:3030/callback",
    registration={
        "client_name": "Python SDK",
        "redirect_uris": ["http://localhost:3030/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "application_type": "native",
    },
    resource_match="prefix",
    server=Search(SPECIFIED, frozenset({REFUSED, UNREADABLE})),
    exact_issuer=True,
    registers_scope=True,
    asks_for_offline_access=True,
    opening=MODERN_OPENING,
    revision=MODERN_REVISION,
)
