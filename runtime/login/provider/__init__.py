"""The identity provider: OpenID Connect, and who may log in."""
