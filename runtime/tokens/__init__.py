"""Signing keys, access tokens, and signed values that clients and browsers carry."""
