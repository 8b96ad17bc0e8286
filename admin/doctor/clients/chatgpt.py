"""ChatGPT: apps, connectors and plugins, which call from OpenAI's network."""

from admin.doctor.profile import PUBLIC, Profile, Source

CALLBACK = "https://chatgpt.com/connector_platform_oauth_redirect"
CHATGPT = Profile(
    name="ChatGPT",
    sources=(
        Source(
            "https://developers.openai.com/apps-sdk/build/auth",
            "2026-10-09",
            "resource metadata by the challenge or at the well-known place; refuses without S256 in "
            "code_challenge_methods_supported; documents before registration; sends resource; which callback",
        ),
        Source(
            "https://developers.openai.com/plugins/build/auth",
            "2026-09-08",
            "compares the issuer as a string; https://chatgpt.com/oauth/client.json names the callback",
        ),
    ),
    assumed="The members of its registration, the revision it opens with, and where it looks after a failure are not "
    "published.",
    redirect_uri=CALLBACK,
    redirect_uri_without_issuer="https://chatgpt.com/connector/oauth/doctor",
    registration={
        "client_name": "ChatGPT",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": PUBLIC,
    },
    exact_issuer=True,
    needs_s256_announced=True,
    document="https://chatgpt.com/oauth/client.json",
    hosted=True,
)
