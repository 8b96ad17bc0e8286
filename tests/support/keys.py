"""Keys that clients of the tests sign with, made once: an RSA key takes a while."""

import base64
import functools
import hmac
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@functools.cache
def private_key(name: str) -> PrivateKey:
    """A private key for the algorithms of its type, which its name starts with: ``RSA`` or ``EC``."""
    if name.startswith("RSA"):
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(name: str, **members: Any) -> dict[str, Any]:
    """The public half as a JSON Web Key (RFC 7517)."""
    public = private_key(name).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        key = jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True)
    else:
        key = jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True)
    return {**key, **members}


def hmac_signed(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """A token with any header and any key at all, also such as no library would write, under a genuine HS256."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    mac = hmac.digest(key, b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()
