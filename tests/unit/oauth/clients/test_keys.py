"""The keys that a client registers: RFC 7591 2, RFC 7517, RFC 7518 6."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from runtime.storage.clients import DynamoDBClients
from tests.support.keys import public_jwk
from tests.unit.conftest import Send

METADATA = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}
RSA, EC = public_jwk("RSA"), public_jwk("EC")


def number(value: int) -> str:
    data = value.to_bytes((value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bearer(client: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {client['registration_access_token']}"}


def send_registration(send: Send, **members: Any) -> dict[str, Any]:
    return send("POST", "/dcr", json={**METADATA, **members})


def test_a_client_with_keys_gets_them_back_and_no_secret(send: Send, clients: DynamoDBClients) -> None:
    """RFC 7591 3.2.1."""
    answer = send_registration(send, jwks={"keys": [RSA, EC]})
    assert answer["statusCode"] == 201
    body = answer["json"]
    assert (body["token_endpoint_auth_method"], body["jwks"]) == ("private_key_jwt", {"keys": [RSA, EC]})
    assert not {"client_secret", "client_secret_expires_at"} & body.keys()
    stored = clients.get(body["client_id"])
    assert stored is not None
    assert stored.secret_hash is None


def test_a_client_that_changes_to_keys_loses_its_secret_and_gets_a_new_one_when_it_changes_back(send: Send) -> None:
    """RFC 7592 2.2."""
    machine = {"grant_types": ["client_credentials"]}
    client = send("POST", "/dcr", json=machine)["json"]
    path = {"path_parameters": {"clientId": client["client_id"]}}
    asked = {**METADATA, "jwks": {"keys": [RSA]}, "client_id": client["client_id"]}
    with_keys = send("PUT", "/clients/{clientId}", json=asked, headers=bearer(client), **path)["json"]
    assert "client_secret_expires_at" not in with_keys
    again = {**machine, "client_id": client["client_id"]}
    back = send("PUT", "/clients/{clientId}", json=again, headers=bearer(with_keys), **path)["json"]
    assert back["client_secret"] != client["client_secret"]


def test_private_key_jwt_needs_keys_by_value_or_by_reference(send: Send) -> None:
    """OpenID Connect Core 1.0, 9."""
    answer = send_registration(send)
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_client_metadata")
    assert answer["json"]["error_description"].startswith("/jwks: is required for private_key_jwt")


@pytest.mark.parametrize(
    ("jwks", "pointer"),
    [
        ({}, "/jwks/keys"),
        ({"keys": {}}, "/jwks/keys"),
        ({"keys": []}, "/jwks/keys"),
        ({"keys": [RSA] * 21}, "/jwks/keys"),
        ({"keys": ["x"]}, "/jwks/keys/0"),
        ({"keys": [{**RSA, "kid": 1}]}, "/jwks/keys/0/kid"),
        ({"keys": [{**RSA, "key_ops": "verify"}]}, "/jwks/keys/0"),
        ({"keys": [{**RSA, "use": "enc"}]}, "/jwks/keys"),
        ({"keys": [{**RSA, "alg": "RS512"}]}, "/jwks/keys"),
        ({"keys": [{**EC, "crv": "P-384"}]}, "/jwks/keys"),
        ({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "eA"}]}, "/jwks/keys"),
        ({"keys": [RSA, {**RSA, "d": "eA"}]}, "/jwks/keys/1/d"),
        ({"keys": [RSA, {"kty": "oct", "k": "eA"}]}, "/jwks/keys/1/k"),
        ({"keys": [{"kty": "RSA"}]}, "/jwks/keys/0/n"),
        ({"keys": [{**RSA, "n": 5}]}, "/jwks/keys/0/n"),
        ({"keys": [{**RSA, "n": "+/=="}]}, "/jwks/keys/0/n"),
        ({"keys": [{**RSA, "n": "é" * 400}]}, "/jwks/keys/0/n"),
        ({"keys": [{**RSA, "n": RSA["n"][:100]}]}, "/jwks/keys/0/n"),
        ({"keys": [{**RSA, "n": number(2**8192 + 1)}]}, "/jwks/keys/0/n"),
        ({"keys": [{**RSA, "e": number(1)}]}, "/jwks/keys/0/e"),
        ({"keys": [{**RSA, "e": number(65536)}]}, "/jwks/keys/0/e"),
        ({"keys": [{**RSA, "e": number(2**32 + 1)}]}, "/jwks/keys/0/e"),
        ({"keys": [{**EC, "y": EC["x"]}]}, "/jwks/keys/0"),
        ({"keys": [{**EC, "x": "eA", "y": "eA"}]}, "/jwks/keys/0"),
        ({"keys": [{**EC, "x": f"AAAA{EC['x']}"}]}, "/jwks/keys/0"),
        ({"keys": [{**EC, "y": f"{EC['y']}AA"}]}, "/jwks/keys/0/y"),
    ],
)
def test_keys_that_cannot_or_must_not_be_used_are_refused_by_name(
    send: Send, jwks: dict[str, Any], pointer: str
) -> None:
    """RFC 7591 3.2.2; least sizes by RFC 7518 3.3."""
    answer = send_registration(send, jwks=jwks)
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_client_metadata")
    assert answer["json"]["error_description"].startswith(f"{pointer}: ")


def test_a_1024_bit_key_is_too_short(send: Send) -> None:
    """RFC 7518 3.3: 2048 bits or larger."""
    key = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 - the point
    answer = send_registration(send, jwks={"keys": [RSAAlgorithm.to_jwk(key, as_dict=True)]})
    assert answer["json"]["error_description"] == "/jwks/keys/0/n: must have 2048 to 8192 bits"


def test_keys_for_other_purposes_are_ignored(send: Send) -> None:
    """RFC 7517 5."""
    others = [{"kty": "OKP", "crv": "Ed25519", "x": "eA"}, {**RSA, "use": "enc", "kid": "other"}, {"kty": "new"}]
    assert send_registration(send, jwks={"keys": [*others, EC]})["statusCode"] == 201
