"""Keys that test clients sign with, created once: an RSA key takes a while."""

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
    """Return a private key. Its name starts with its type: ``RSA`` or ``EC``."""
    if name.startswith("RSA"):
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(name: str, **members: Any) -> dict[str, Any]:
    """Return the public key as a JSON Web Key (RFC 7517)."""
    public = private_key(name).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        key = jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True)
    else:
        key = jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True)
    return {**key, **members}


def sign_hmac(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """Return a token under HS256 with any header and key, including those that no library would write."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    mac = hmac.digest(key, b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()
