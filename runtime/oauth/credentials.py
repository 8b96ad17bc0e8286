"""Random credentials: made once, shown once, kept as a hash."""

import base64
import hashlib
import hmac
import secrets

ENTROPY_BYTES = 32
# What an unknown client is compared with, so that it costs what a wrong secret costs.
NOBODY = hashlib.sha256(secrets.token_bytes(ENTROPY_BYTES)).hexdigest()


def new_client_id() -> str:
    """128 random bits: unique, not secret, safe in a path and in a Basic header."""
    return secrets.token_hex(16)


def new_credential() -> str:
    """256 random bits in URL-safe characters."""
    return secrets.token_urlsafe(ENTROPY_BYTES)


def derive_credential(credential: str, salt: str) -> str:
    """The credential that follows from another one of 256 random bits and a salt, in characters as of a new one.

    HMAC is a pseudorandom function (RFC 2104; RFC 5869 2.3): without the other one it cannot be told from a random one.
    """
    derived = hmac.digest(credential.encode(), f"following\0{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")


def digest(credential: str) -> str:
    """SHA-256 in hex. A credential of 256 random bits needs neither salt nor stretching."""
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()


def matches(credential: str, expected: str | None) -> bool:
    """Whether the credential has the expected hash, in time that does not depend on the answer."""
    same = hmac.compare_digest(digest(credential), expected or NOBODY)
    return same and expected is not None
