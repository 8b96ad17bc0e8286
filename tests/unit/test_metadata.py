"""The discovery documents: RFC 8414, RFC 9728, and what clients insist on."""

from tests.unit.conftest import PUBLIC_URL, Send


def test_the_protected_resource_is_described_at_both_places(send: Send) -> None:
    """RFC 9728 2 and 3.1."""
    document = send("GET", "/.well-known/oauth-protected-resource/mcp")
    assert document["json"] == {
        "resource": f"{PUBLIC_URL}/mcp",
        "authorization_servers": [PUBLIC_URL],
        "scopes_supported": ["mcp", "mcp:admin"],
        "bearer_methods_supported": ["header"],
    }
    assert send("GET", "/.well-known/oauth-protected-resource")["json"] == document["json"]


def test_the_authorization_server_names_its_endpoints_below_the_issuer(send: Send) -> None:
    """RFC 8414 2."""
    answer = send("GET", "/.well-known/oauth-authorization-server")
    assert answer["headers"]["Cache-Control"] == "public, max-age=3600"
    assert answer["json"] == {
        "issuer": PUBLIC_URL,
        "authorization_endpoint": f"{PUBLIC_URL}/authorize",
        "token_endpoint": f"{PUBLIC_URL}/token",
        "registration_endpoint": f"{PUBLIC_URL}/dcr",
        "scopes_supported": ["mcp", "mcp:admin"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
    }


def test_the_openid_form_has_what_clients_refuse_to_miss(send: Send) -> None:
    document = send("GET", "/.well-known/openid-configuration")["json"]
    assert document["jwks_uri"] == f"{PUBLIC_URL}/.well-known/jwks.json"
    assert document["subject_types_supported"]
    assert document["id_token_signing_alg_values_supported"]
    assert send("GET", "/.well-known/jwks.json")["json"] == {"keys": []}


def test_the_authorization_endpoint_answers_with_a_proper_oauth_error(send: Send) -> None:
    """RFC 6749 4.1.2.1."""
    answer = send("GET", "/authorize")
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "unsupported_response_type")
