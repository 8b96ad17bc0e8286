"""Microsoft Copilot Studio: OAuth 2.0 with dynamic discovery, by way of the Power Platform."""

from admin.doctor.profile import PUBLIC, Profile, Source

COPILOT_STUDIO = Profile(
    name="Copilot Studio",
    sources=(
        Source(
            "https://learn.microsoft.com/en-us/microsoft-copilot-studio/mcp-add-existing-server-to-agent",
            "2026-09-15",
            "Streamable HTTP only; OAuth 2.0 with dynamic discovery registers the client",
        ),
        Source(
            "https://github.com/microsoft/PowerPlatformConnectors/issues/4214",
            "2026-06-09",
            "dynamic discovery is resource metadata, registration and S256, as a public client",
        ),
        Source(
            "https://github.com/tableau/tableau-mcp/issues/866",
            "2026-09-01",
            "reads both metadata documents, registers, and redirects to global.consent.azure-apim.net/redirect/...",
        ),
        Source(
            "https://github.com/tableau/tableau-mcp/issues/772",
            "2026-08-14",
            "fails where clients cannot register: it has no client metadata document",
        ),
    ),
    assumed="The members of its registration, its order of discovery and its revision are not published. The last "
    "part of its callback differs for each connector.",
    redirect_uri="https://global.consent.azure-apim.net/redirect/doctor",
    registration={
        "client_name": "Microsoft Copilot Studio",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": PUBLIC,
    },
    hosted=True,
)
