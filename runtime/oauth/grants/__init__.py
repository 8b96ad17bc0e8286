"""The grant types of the token endpoint, one module each (RFC 6749 1.3)."""
