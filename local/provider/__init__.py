"""The identity provider of the local stack."""
