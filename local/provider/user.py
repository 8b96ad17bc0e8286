"""The one user of the local identity provider."""

USER, PASSWORD = "alice", "password"
CLAIMS: dict[str, object] = {
    "name": "Alice",
    "email": "alice@example.com",
    "email_verified": True,
    "groups": ["staff"],
}
