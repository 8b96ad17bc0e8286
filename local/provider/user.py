"""The one user there is on this machine."""

USER, PASSWORD = "alice", "password"
CLAIMS: dict[str, object] = {
    "name": "Alice",
    "email": "alice@example.com",
    "email_verified": True,
    "groups": ["staff"],
}
