"""The public keys that a client registers (RFC 7517), and the algorithms they are for (RFC 7518)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from runtime.oauth.errors import InvalidClientMetadata

# RFC 8725 3.1: each algorithm is pinned to one key type.
KEY_TYPES = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
SIGNING_ALGORITHMS = tuple(KEY_TYPES)
# RFC 7518 6.2.2, 6.3.2 and 6.4.1: the members of private and symmetric keys.
PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
MAX_KEYS = 20
# RFC 7518 3.3 sets the minimum; verifying with a key above the maximum takes too long.
MODULUS_BITS = range(2048, 8193)
EXPONENT_BITS = 32
# The field and the coefficient b of the curve P-256 (FIPS 186-4 D.1.2.3), whose coefficient a is -3.
P256_BYTES = 32
P256_FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def suits(key: Mapping[str, Any], algorithm: str) -> bool:
    """Whether a key verifies signatures of this algorithm, by its type and its stated use."""
    verifies = key.get("use", "sig") == "sig" and "verify" in key.get("key_ops", ["verify"])
    right_type = key.get("kty") == KEY_TYPES[algorithm] and key.get("alg", algorithm) == algorithm
    return verifies and right_type and (key.get("kty") != "EC" or key.get("crv") == "P-256")


def check_jwks(jwks: Mapping[str, Any]) -> None:
    """Raise ``InvalidClientMetadata`` unless ``jwks`` is a JSON Web Key Set (RFC 7517 5) without any private key."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or len(keys) > MAX_KEYS:
        raise InvalidClientMetadata(f"must be a list of at most {MAX_KEYS} keys", pointer="/jwks/keys")
    for index, key in enumerate(keys):
        _check_key(key, f"/jwks/keys/{index}")


def check_verification_keys(jwks: Mapping[str, Any]) -> None:
    """Raise ``InvalidClientMetadata`` unless a ``jwks`` has a key that verifies signatures. Call ``check_jwks`` first.

    RFC 7517 5: keys for other purposes and of other types are ignored.
    """
    usable = [_is_usable(key, f"/jwks/keys/{index}") for index, key in enumerate(jwks["keys"])]
    if not any(usable):
        algorithms = ", ".join(SIGNING_ALGORITHMS)
        raise InvalidClientMetadata(f"must have a key that verifies one of {algorithms}", pointer="/jwks/keys")


def _check_key(key: Any, pointer: str) -> None:
    """Check that a key is an object without private members, and that the members read here have their types.

    RFC 7517 4.
    """
    if not isinstance(key, dict) or not isinstance(key.get("key_ops", []), list):
        raise InvalidClientMetadata("must be a JSON Web Key", pointer=pointer)
    if private := next((member for member in PRIVATE_MEMBERS if member in key), None):
        raise InvalidClientMetadata("must not be included: keep it secret", pointer=f"{pointer}/{private}")
    if not isinstance(key.get("kid", ""), str):
        raise InvalidClientMetadata("must be of type string", pointer=f"{pointer}/kid")


def _is_usable(key: Mapping[str, Any], pointer: str) -> bool:
    """Whether a key is for verifying signatures. Raises ``InvalidClientMetadata`` if such a key is invalid."""
    if not any(suits(key, algorithm) for algorithm in SIGNING_ALGORITHMS):
        return False
    (_check_rsa if key["kty"] == "RSA" else _check_p256)(key, pointer)
    return True


def _check_rsa(key: Mapping[str, Any], pointer: str) -> None:
    modulus = int.from_bytes(_octets(key, "n", pointer))
    if modulus.bit_length() not in MODULUS_BITS:
        reason = f"must have {MODULUS_BITS.start} to {MODULUS_BITS.stop - 1} bits"
        raise InvalidClientMetadata(reason, pointer=f"{pointer}/n")
    exponent = int.from_bytes(_octets(key, "e", pointer))
    if exponent < 3 or exponent % 2 == 0 or exponent.bit_length() > EXPONENT_BITS:  # noqa: PLR2004 - least odd prime
        raise InvalidClientMetadata("must be an odd number from 3 up", pointer=f"{pointer}/e")


def _check_p256(key: Mapping[str, Any], pointer: str) -> None:
    octets = [_octets(key, member, pointer) for member in ("x", "y")]
    # Numbers of any other length are not multiplied: a client could make that take too long.
    if {len(part) for part in octets} != {P256_BYTES} or not _on_p256(*map(int.from_bytes, octets)):
        raise InvalidClientMetadata("must be a point on the curve P-256", pointer=pointer)


def _on_p256(x: int, y: int) -> bool:
    return max(x, y) < P256_FIELD and (y * y - x * x * x + 3 * x - P256_B) % P256_FIELD == 0


def _octets(key: Mapping[str, Any], member: str, pointer: str) -> bytes:
    """Decode base64url without padding (RFC 7515 2)."""
    text = key.get(member)
    try:
        if isinstance(text, str) and text and "=" not in text:
            padded = text + "=" * (-len(text) % 4)
            return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidClientMetadata("must be base64url", pointer=f"{pointer}/{member}") from error
    raise InvalidClientMetadata("must be base64url", pointer=f"{pointer}/{member}")
