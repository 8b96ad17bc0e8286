"""The identity provider: OpenID Connect, and the rules for who may log in."""
