"""Signing values that a client or browser carries for the server: it cannot change them or use them elsewhere.

The keys are derived from the signing key. The mcp function gets keys that are derived for one principal, so a value
that verifies there was signed for this principal.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any


class BadSignature(Exception):
    """A signed text that was changed, has expired, or was signed with other keys or for another purpose."""


class Signer:
    """Signs with the first key and verifies with every key, since the signing key is rotated.

    ``clock`` reads seconds since the epoch.
    """

    def __init__(self, keys: tuple[bytes, ...], clock: Callable[[], float]) -> None:
        self._keys = keys
        self._clock = clock

    def sign(self, purpose: str, value: Mapping[str, Any], lifetime: int) -> str:
        """Return ``value`` as a signed text. It verifies for the same purpose, for ``lifetime`` seconds."""
        body = _encode(json.dumps([value, int(self._clock()) + lifetime], separators=(",", ":")).encode())
        return f"{body}.{_encode(_mac(self._keys[0], purpose, body))}"

    def verify(self, purpose: str, text: str) -> dict[str, Any]:
        """Return the value that was signed; raises ``BadSignature``."""
        body, _, mac = text.partition(".")
        try:
            presented = _decode(mac)
            if not any(_same(_mac(key, purpose, body), presented) for key in self._keys):
                raise BadSignature("does not verify")
            value, expires = json.loads(_decode(body))
        except ValueError as error:
            raise BadSignature("is not a signed text") from error
        if expires <= self._clock():
            raise BadSignature("has expired")
        return dict(value)


def _mac(key: bytes, purpose: str, body: str) -> bytes:
    # Modern requests rarely carry a signed value, so they should not pay for loading OpenSSL.
    import hmac  # noqa: PLC0415

    return hmac.digest(key, f"{purpose}\0{body}".encode("utf-8", "surrogatepass"), "sha256")


def _same(expected: bytes, presented: bytes) -> bool:
    """Compare in constant time."""
    import hmac  # noqa: PLC0415

    return hmac.compare_digest(expected, presented)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
