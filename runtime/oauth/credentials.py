"""Random credentials: made once, shown once, stored as a hash."""

import base64
import hashlib
import hmac
import secrets

ENTROPY_BYTES = 32
# Compared with the secret of an unknown client, so that it takes as long as a wrong secret.
DECOY_HASH = hashlib.sha256(secrets.token_bytes(ENTROPY_BYTES)).hexdigest()


def new_client_id() -> str:
    """Return 128 random bits in hex: unique, not secret, safe in a path and in a Basic header."""
    return secrets.token_hex(16)


def new_credential() -> str:
    """Return 256 random bits in URL-safe characters."""
    return secrets.token_urlsafe(ENTROPY_BYTES)


def derive_credential(credential: str, salt: str) -> str:
    """Derive a credential from another one, which has 256 random bits, and a salt. It looks like a new one.

    HMAC is a pseudorandom function (RFC 2104; RFC 5869 2.3): without the original credential, the result cannot be told
    from random bits.
    """
    derived = hmac.digest(credential.encode(), f"following\0{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")


def digest(credential: str) -> str:
    """Return the SHA-256 in hex. A credential of 256 random bits needs neither salt nor stretching."""
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()


def matches(credential: str, expected: str | None) -> bool:
    """Whether the credential has the expected hash, in constant time. ``None`` matches nothing."""
    same = hmac.compare_digest(digest(credential), expected or DECOY_HASH)
    return same and expected is not None
