"""A client that authenticates with signed assertions."""

import itertools
from typing import Any

import jwt

from tests.support.keys import private_key, public_jwk
from tests.unit.conftest import NOW, PUBLIC_URL, Send

GRANT = {"grant_type": "client_credentials"}
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY_OF = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
KEYS = {"keys": [public_jwk("RSA", kid="rsa"), public_jwk("EC", kid="ec")]}
METADATA = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}
numbers = itertools.count()


def register_keys(send: Send, jwks: dict[str, Any]) -> str:
    answer = send("POST", "/dcr", json={**METADATA, "jwks": jwks})
    assert answer["statusCode"] == 201, answer["body"]
    return str(answer["json"]["client_id"])


def claims(client_id: Any, **changes: Any) -> dict[str, Any]:
    """Return valid claims with changes; ``None`` omits a claim."""
    good = {"iss": client_id, "sub": client_id, "aud": PUBLIC_URL, "exp": NOW + 300, "jti": f"id-{next(numbers)}"}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def sign(payload: dict[str, Any], key: str = "RSA", algorithm: str = "RS256", **header: Any) -> str:
    headers = {name: value for name, value in {"kid": key.lower(), **header}.items() if value is not None}
    return jwt.encode(payload, private_key(key), algorithm=algorithm, headers=headers)


def ask(send: Send, assertion: str, path: str = "/token", **more: str) -> dict[str, Any]:
    form = {**GRANT, "client_assertion_type": TYPE, "client_assertion": assertion, **more}
    return send("POST", path, form=form)


def outcome(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["statusCode"], answer["json"].get("error", "")
