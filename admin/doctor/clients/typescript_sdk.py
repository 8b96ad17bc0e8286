"""The official TypeScript SDK, with the settings of its documentation."""

from admin.doctor.profile import BAD_GATEWAY, CHALLENGE, PATH, PUBLIC, REFUSED, ROOT, SPECIFIED, Profile, Search, Source

REPOSITORY = "https://github.com/modelcontextprotocol/typescript-sdk/blob/3924de99df834302d89f5997a1b64ca268282284"
GOES_ON_AFTER = frozenset({REFUSED, BAD_GATEWAY})
NEEDS = ("issuer", "authorization_endpoint", "token_endpoint", "response_types_supported")
NEEDS_IN_OPENID = ("jwks_uri", "subject_types_supported", "id_token_signing_alg_values_supported")
TYPESCRIPT_SDK = Profile(
    name="TypeScript SDK",
    sources=(
        Source(
            f"{REPOSITORY}/packages/client/src/client/auth.ts",
            "2026-08-18",
            "order of discovery; 4xx and 502 lead to the next place, other failures end the search; without resource "
            "metadata the origin is the authorization server; issuer as a string; scope; registration",
        ),
        Source(
            f"{REPOSITORY}/packages/client/src/client/streamableHttp.ts",
            "2026-08-18",
            "opens GET /mcp after initialize; only 405 means that there is no stream",
        ),
    ),
    assumed="An application chooses its own name and redirect URI.",
    redirect_uri="http://localhost:8090/callback",
    registration={
        "client_name": "TypeScript SDK",
        "redirect_uris": ["http://localhost:8090/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": PUBLIC,
        "application_type": "native",
    },
    resource=Search((CHALLENGE, PATH, ROOT), GOES_ON_AFTER),
    challenge_alone=True,
    resource_match="prefix",
    server=Search(SPECIFIED, GOES_ON_AFTER),
    needs=NEEDS,
    needs_in_openid=NEEDS_IN_OPENID,
    exact_issuer=True,
    registers_scope=True,
    asks_for_offline_access=True,
    needs_405=True,
)
