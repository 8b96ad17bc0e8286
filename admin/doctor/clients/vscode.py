"""Visual Studio Code with Copilot."""

from admin.doctor.profile import ANYTHING, CHALLENGE, PATH, PUBLIC, ROOT, SILENT, SPECIFIED, Profile, Search, Source

GOES_ON_AFTER = ANYTHING | {SILENT}

VSCODE = Profile(
    name="VS Code",
    sources=(
        Source(
            "https://github.com/microsoft/vscode/blob/05f882b02c51633f2e1e8252722f8c3b626d74a9/src/vs/base/common/oauth.ts",
            "2026-11-27",
            "order of discovery, any failure leads to the next place; resource must match; members of its registration",
        ),
        Source(
            "https://vscode.dev/oauth/client-metadata.json",
            "2026-09-08",
            "its document, used where the server supports documents",
        ),
    ),
    assumed="Whether it sends the resource parameter is not stated in these sources; the specification requires it.",
    redirect_uri="http://127.0.0.1:33418/",
    registration={
        "client_name": "Visual Studio Code",
        "client_uri": "https://code.visualstudio.com",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [
            "https://insiders.vscode.dev/redirect",
            "https://vscode.dev/redirect",
            "http://127.0.0.1/",
            "http://127.0.0.1:33418/",
        ],
        "token_endpoint_auth_method": PUBLIC,
        "application_type": "native",
    },
    resource=Search((CHALLENGE, PATH, ROOT), GOES_ON_AFTER),
    challenge_alone=True,
    resource_match="exact",
    server=Search(SPECIFIED, GOES_ON_AFTER),
    needs=("issuer",),
    document="https://vscode.dev/oauth/client-metadata.json",
    registers_scope=True,
)
