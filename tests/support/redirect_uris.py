"""Redirect URIs that an application may register, by kind."""

ANYWHERE = ["https://example.com/cb", "https://example.com:8443/cb?x=1", "https://example.com", "https://192.0.2.1/cb"]
LOOPBACK = [
    "http://127.0.0.1:33418/cb",
    "http://localhost/cb",
    "http://[::1]:8/cb",
    "http://localhost:3000",
    "http://localhost?x",
]
PRIVATE_USE = [
    "com.example.app:/cb",
    "com.example.app://cb",
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "vscode://vscode.github-authentication/did-authenticate?x=1",
    "vscode-insiders://publisher.name/cb",
    "windsurf://app",
]
