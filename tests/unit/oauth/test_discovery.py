"""The discovery documents: RFC 8414, RFC 9728, and what clients require."""

from collections.abc import Callable

import jwt
import pytest

from runtime.routes import ROUTES
from runtime.settings import About
from tests.support.keys import private_key, public_jwk
from tests.support.users import post, register
from tests.unit.conftest import NOW, PUBLIC_URL, Send, basic


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
        "revocation_endpoint": f"{PUBLIC_URL}/revoke",
        "introspection_endpoint": f"{PUBLIC_URL}/introspect",
        "registration_endpoint": f"{PUBLIC_URL}/dcr",
        "scopes_supported": ["mcp", "mcp:admin"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["client_credentials"],
        **{
            f"{name}_endpoint_{supported}_supported": values
            for name in ("token", "revocation", "introspection")
            for supported, values in (
                ("auth_methods", ["client_secret_basic", "client_secret_post", "private_key_jwt"]),
                ("auth_signing_alg_values", ["RS256", "PS256", "ES256"]),
            )
        },
        "code_challenge_methods_supported": ["S256"],
    }


def test_every_advertised_endpoint_is_a_route(send: Send) -> None:
    """RFC 8414 2: the metadata is true."""
    document = send("GET", "/.well-known/oauth-authorization-server")["json"]
    named = {url.removeprefix(PUBLIC_URL) for member, url in document.items() if member.endswith("_endpoint")}
    assert named == {"/authorize", "/token", "/dcr", "/revoke", "/introspect"}
    assert named <= {route.path for route in ROUTES}


@pytest.mark.parametrize("path", ["/token", "/revoke", "/introspect"])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "private_key_jwt"])
def test_every_advertised_method_authenticates_at_every_endpoint_that_says_so(
    send: Send, path: str, method: str
) -> None:
    """RFC 8414 2: token_, revocation_ and introspection_endpoint_auth_methods_supported."""
    document = send("GET", "/.well-known/oauth-authorization-server")["json"]
    [name] = [name for name, url in document.items() if name.endswith("_endpoint") and url == f"{PUBLIC_URL}{path}"]
    assert method in document[f"{name}_auth_methods_supported"]
    keys = {"jwks": {"keys": [public_jwk("EC")]}} if method == "private_key_jwt" else {}
    asked = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": method, **keys}
    client = send("POST", "/dcr", json=asked)["json"]
    form = {"grant_type": "client_credentials", "token": "x"}
    headers = {}
    if method == "client_secret_basic":
        headers = basic(client["client_id"], client["client_secret"])
    elif method == "client_secret_post":
        form |= {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    else:
        who = client["client_id"]
        claims = {"iss": who, "sub": who, "aud": document["issuer"], "exp": NOW + 60, "jti": "1"}
        form |= {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, private_key("EC"), algorithm="ES256"),
        }
    assert send("POST", path, form=form, headers=headers)["statusCode"] == 200


def test_the_openid_form_has_the_members_that_clients_require(send: Send) -> None:
    document = send("GET", "/.well-known/openid-configuration")["json"]
    assert document["jwks_uri"] == f"{PUBLIC_URL}/.well-known/jwks.json"
    assert document["subject_types_supported"]
    assert document["id_token_signing_alg_values_supported"]
    assert send("GET", "/.well-known/jwks.json")["json"] == {"keys": []}


def test_where_users_log_in_their_grants_are_advertised(send_to: Callable[..., Send]) -> None:
    """RFC 8414 2: grant_types_supported; and the methods of public clients, which introspection excludes."""
    document = send_to(interactive=True)("GET", "/.well-known/oauth-authorization-server")["json"]
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    secret_or_key = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
    assert document["token_endpoint_auth_methods_supported"] == [*secret_or_key, "none"]
    assert document["revocation_endpoint_auth_methods_supported"] == [*secret_or_key, "none"]
    assert document["introspection_endpoint_auth_methods_supported"] == secret_or_key


def test_offline_access_is_a_scope_of_the_authorization_server_alone(send_to: Callable[..., Send]) -> None:
    """MCP 2026-07-28, Refresh Tokens: not in the protected resource metadata, "as refresh tokens are not a resource
    requirement"."""
    send = send_to(interactive=True)
    for path in ("oauth-authorization-server", "openid-configuration"):
        scopes = send("GET", f"/.well-known/{path}")["json"]["scopes_supported"]
        assert scopes == ["mcp", "mcp:admin", "offline_access"]
    resource = send("GET", "/.well-known/oauth-protected-resource")["json"]
    assert resource["scopes_supported"] == ["mcp", "mcp:admin"]


@pytest.mark.parametrize("interactive", [True, False])
def test_advertised_grant_types_and_methods_are_those_that_work(
    send_to: Callable[..., Send], interactive: bool
) -> None:
    """RFC 8414 2: the grant types and authentication methods of the document, and no others."""
    send = send_to(interactive=interactive)
    document = send("GET", "/.well-known/oauth-authorization-server")["json"]
    public = register(send)
    machine = register(send, grant_types=["client_credentials"], token_endpoint_auth_method=None)
    for grant_type in ("authorization_code", "refresh_token", "client_credentials", "password"):
        answer = post(send, "/token", machine, grant_type=grant_type)
        unsupported = answer["json"].get("error") == "unsupported_grant_type"
        assert unsupported is (grant_type not in document["grant_types_supported"])
    by_name = post(send, "/token", public, grant_type="authorization_code", code="x", code_verifier="x" * 43)
    known = by_name["json"]["error"] == "invalid_grant"
    assert known is ("none" in document["token_endpoint_auth_methods_supported"])
    for name, path in (("revocation", "/revoke"), ("introspection", "/introspect")):
        served = post(send, path, public, token="x")["statusCode"] == 200
        assert served is ("none" in document[f"{name}_endpoint_auth_methods_supported"])


def test_what_directories_ask_for_is_where_the_specifications_put_it(send_to: Callable[..., Send]) -> None:
    """RFC 8414 2 and RFC 9728 2."""
    docs, policy, terms = (f"https://example.com/{page}" for page in ("docs", "privacy", "terms"))
    send = send_to(about=About("Tools of Example", None, docs, policy, terms))
    server = send("GET", "/.well-known/oauth-authorization-server")["json"]
    assert (server["service_documentation"], server["op_policy_uri"], server["op_tos_uri"]) == (docs, policy, terms)
    resource = send("GET", "/.well-known/oauth-protected-resource/mcp")["json"]
    assert (resource["resource_name"], resource["resource_documentation"]) == ("Tools of Example", docs)
    assert (resource["resource_policy_uri"], resource["resource_tos_uri"]) == (policy, terms)
