"""Proof key for code exchange (RFC 7636), by S256 only: ``plain`` is not implemented."""

import base64
import hashlib
import hmac
import re

METHOD = "S256"
# RFC 7636 4.1: code-verifier = 43*128unreserved.
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
# RFC 7636 4.2: BASE64URL of the 32 bytes of a SHA-256, which is 43 characters without padding (3).
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def is_verifier(text: str) -> bool:
    """Whether the text has the syntax of a ``code_verifier`` (RFC 7636 4.1)."""
    return VERIFIER.fullmatch(text) is not None


def is_challenge(text: str) -> bool:
    """Whether the text can be a ``code_challenge`` made with S256 (RFC 7636 4.2)."""
    return CHALLENGE.fullmatch(text) is not None


def challenge(verifier: str) -> str:
    """Return the ``code_challenge`` of an ASCII ``code_verifier`` (RFC 7636 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def proves(verifier: str, code_challenge: str) -> bool:
    """Whether the verifier matches the challenge (RFC 7636 4.6), in constant time."""
    return is_verifier(verifier) and hmac.compare_digest(challenge(verifier), code_challenge)
