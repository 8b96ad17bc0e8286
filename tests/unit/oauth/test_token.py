"""The token endpoint: RFC 6749 2.3, 3.2, 4.4, 5 and RFC 8707."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest

from runtime.storage.clients import DynamoDBClients
from tests.unit.conftest import CACHE_SECONDS, NOW, PUBLIC_URL, Clock, Send, basic

MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"], "scope": "mcp mcp:admin"}
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    return dict(send("POST", "/dcr", json=MACHINE)["json"])


def ask(send: Send, client: dict[str, Any], **parameters: str) -> dict[str, Any]:
    headers = basic(client["client_id"], client["client_secret"])
    return send("POST", "/token", form={**GRANT, **parameters}, headers=headers)


def test_a_token_is_an_rfc_9068_jwt_for_this_resource(send: Send, client: dict[str, Any]) -> None:
    """RFC 6749 5.1 and RFC 9068 2. Its ``exp`` lies a cached decision after the end that ``expires_in`` announces."""
    answer = ask(send, client, resource=f"{PUBLIC_URL}/mcp")
    assert answer["statusCode"] == 200
    assert answer["headers"]["Cache-Control"] == "no-store"
    body = answer["json"]
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "mcp mcp:admin")
    header = jwt.get_unverified_header(body["access_token"])
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (header["alg"], header["typ"]) == ("HS256", "at+jwt")
    assert header["kid"]
    jti = claims.pop("jti")
    assert len(jti) >= 22
    assert claims == {
        "iss": PUBLIC_URL,
        "aud": f"{PUBLIC_URL}/mcp",
        "sub": client["client_id"],
        "client_id": client["client_id"],
        "scope": "mcp mcp:admin",
        "iat": NOW,
        "exp": NOW + 3600 + CACHE_SECONDS,
    }


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("mcp", "mcp"),
        ("mcp mcp:admin offline_access", "mcp mcp:admin"),
        ("offline_access mcp", "mcp"),
        ("offline_access", "mcp mcp:admin"),
        ("mcp everything openid", "mcp"),
        ("mcp  mcp", "mcp"),
    ],
)
def test_a_machine_gets_the_part_of_the_requested_scope_that_it_may_have(
    send: Send, client: dict[str, Any], asked: str, given: str
) -> None:
    """RFC 6749 3.3: "fully or partially ignore the scope requested", and say so; clients ask for everything in
    ``scopes_supported``."""
    body = ask(send, client, scope=asked)["json"]
    assert body["scope"] == given
    assert jwt.decode(body["access_token"], options={"verify_signature": False})["scope"] == given


def test_a_machine_never_gets_more_than_it_is_registered_for(send: Send) -> None:
    """RFC 6749 3.3."""
    narrow = send("POST", "/dcr", json={**MACHINE, "scope": "mcp"})["json"]
    assert ask(send, narrow, scope="mcp mcp:admin offline_access")["json"]["scope"] == "mcp"
    answer = ask(send, narrow, scope="mcp:admin offline_access")
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_scope")


def test_another_resource_is_refused(send: Send, client: dict[str, Any]) -> None:
    """RFC 8707 2."""
    for resource in ("https://other.example.com/mcp", f"{PUBLIC_URL}/mcp/", PUBLIC_URL):
        answer = ask(send, client, resource=resource)
        assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_target")


def test_the_same_resource_may_be_repeated_but_not_a_second_one_added(send: Send, client: dict[str, Any]) -> None:
    """RFC 8707 2: multiple resource parameters may be used."""
    headers = {
        **basic(client["client_id"], client["client_secret"]),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    once = f"grant_type=client_credentials&resource={PUBLIC_URL}/mcp"
    assert send("POST", "/token", body=f"{once}&resource={PUBLIC_URL}/mcp", headers=headers)["statusCode"] == 200
    answer = send("POST", "/token", body=f"{once}&resource=https://other.example.com", headers=headers)
    assert answer["json"]["error"] == "invalid_target"


def test_a_client_that_stated_no_method_may_use_the_body(send: Send, client: dict[str, Any]) -> None:
    credentials = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    assert send("POST", "/token", form={**GRANT, **credentials})["statusCode"] == 200


@pytest.mark.parametrize("stated", ["client_secret_basic", "client_secret_post"])
def test_a_client_that_stated_a_method_is_held_to_it(send: Send, stated: str) -> None:
    client = send("POST", "/dcr", json={**MACHINE, "token_endpoint_auth_method": stated})["json"]
    by_header = ask(send, client)["statusCode"]
    credentials = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    by_body = send("POST", "/token", form={**GRANT, **credentials})["statusCode"]
    assert (by_header, by_body) == ((200, 401) if stated == "client_secret_basic" else (401, 200))


def test_basic_credentials_are_form_decoded(send: Send, clients: DynamoDBClients, client: dict[str, Any]) -> None:
    """RFC 6749 2.3.1: client id and secret are encoded with application/x-www-form-urlencoded."""
    encoded = "".join(f"%{ord(char):02x}" for char in client["client_secret"])
    headers = basic(client["client_id"], encoded)
    assert send("POST", "/token", form=GRANT, headers=headers)["statusCode"] == 200


def test_client_id_beside_basic_must_be_the_same_one(send: Send, client: dict[str, Any]) -> None:
    assert ask(send, client, client_id=client["client_id"])["statusCode"] == 200
    assert ask(send, client, client_id="someone")["json"]["error"] == "invalid_request"


def test_two_authentication_methods_at_once_are_refused(send: Send, client: dict[str, Any]) -> None:
    """RFC 6749 2.3: "The client MUST NOT use more than one authentication method in each request"."""
    answer = ask(send, client, client_secret=client["client_secret"])
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_request")


def test_an_unknown_client_and_a_wrong_secret_look_alike(send: Send, client: dict[str, Any]) -> None:
    """RFC 6749 5.2: invalid_client is 401, with WWW-Authenticate when the Authorization header was used."""
    wrong = ask(send, {**client, "client_secret": "wrong"})
    unknown = ask(send, {**client, "client_id": "0" * 32})
    assert wrong["statusCode"] == unknown["statusCode"] == 401
    assert wrong["body"] == unknown["body"]
    assert wrong["headers"] == unknown["headers"]
    assert wrong["headers"]["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("client_id", ["", "x" * 5000, "\x00", "é" * 600])
def test_a_client_id_that_no_client_can_have_is_an_unknown_client(send: Send, client_id: str) -> None:
    answer = send("POST", "/token", form=GRANT, headers=basic(client_id, "secret"))
    assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_client")


def test_an_expired_secret_no_longer_authenticates(
    send: Send, clients: DynamoDBClients, clock: Clock, client: dict[str, Any]
) -> None:
    """RFC 7591 3.2.1: client_secret_expires_at."""
    stored = clients.get(client["client_id"])
    assert stored is not None
    clients.replace(replace(stored, secret_expires_at=NOW + 10), stored.registration_token_hash)
    assert ask(send, client)["statusCode"] == 200
    clock.now += 10
    assert ask(send, client)["statusCode"] == 401


def test_a_client_that_is_not_registered_for_the_grant_type_is_refused(send: Send) -> None:
    """RFC 6749 5.2: unauthorized_client."""
    client = send("POST", "/dcr", json={"redirect_uris": ["https://example.com/cb"]})["json"]
    answer = ask(send, client)
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "unauthorized_client")


def test_an_unsupported_grant_type_is_refused_for_every_client(send: Send, client: dict[str, Any]) -> None:
    """RFC 6749 5.2: a public client, which cannot authenticate, gets this error too."""
    asked = {"redirect_uris": ["https://example.com/cb"], "token_endpoint_auth_method": "none"}
    public = send("POST", "/dcr", json=asked)["json"]["client_id"]
    form = {"grant_type": "password"}
    answers = [ask(send, client, **form), send("POST", "/token", form={**form, "client_id": public})]
    for answer in [*answers, send("POST", "/token", form=form)]:
        assert (answer["statusCode"], answer["json"]["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("grant_type=client_credentials&grant_type=client_credentials", "form", 400, "invalid_request"),
        ("scope=mcp", "form", 400, "invalid_request"),
        ("grant_type=", "form", 400, "invalid_request"),
        ("", "form", 400, "invalid_request"),
        ("&".join(f"p{i}=1" for i in range(60)), "form", 400, "invalid_request"),
        ("grant_type=%ff%fe", "form", 400, "invalid_request"),
        ('{"grant_type": "client_credentials"}', "application/json", 415, "unsupported_media_type"),
        ("grant_type=" + "x" * 70_000, "form", 413, "content_too_large"),
    ],
)
def test_malformed_token_requests_are_refused(send: Send, body: str, content_type: str, status: int, code: str) -> None:
    """RFC 6749 3.2 and 5.2."""
    kind = "application/x-www-form-urlencoded" if content_type == "form" else content_type
    answer = send("POST", "/token", body=body, headers={"Content-Type": kind})
    assert (answer["statusCode"], answer["json"]["error"]) == (status, code)


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic Og==", "Bearer x", "Basic //79", "Digest a", "x" * 5000]
)
def test_malformed_client_authentication_is_invalid_client(send: Send, header: str) -> None:
    answer = send("POST", "/token", form=GRANT, headers={"Authorization": header})
    assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_client")


def test_a_public_client_gets_no_token(send: Send) -> None:
    """RFC 6749 4.4, and 5.2: unauthorized_client is for "the authenticated client", and it has proven all that a public
    client can. An unknown client, or one that sends a secret, gets the same error as any failed authentication.
    """
    asked = {"redirect_uris": ["https://example.com/cb"], "token_endpoint_auth_method": "none"}
    client_id = send("POST", "/dcr", json=asked)["json"]["client_id"]
    confidential = send("POST", "/dcr", json={"grant_types": ["client_credentials"]})["json"]["client_id"]
    public, *others = (
        send("POST", "/token", form={**GRANT, "client_id": each}) for each in (client_id, confidential, "0" * 32)
    )
    assert (public["statusCode"], public["json"]["error"]) == (400, "unauthorized_client")
    assert [(each["statusCode"], each["json"]["error"]) for each in others] == [(401, "invalid_client")] * 2
    assert (others[0]["body"], others[0]["headers"]) == (others[1]["body"], others[1]["headers"])
    for secret in ("", "x"):
        assert ask(send, {"client_id": client_id, "client_secret": secret})["json"]["error"] == "invalid_client"


ERRORS: list[tuple[dict[str, str], str, int]] = [
    ({"grant_type": ""}, "invalid_request", 400),
    ({"client_secret": "x"}, "invalid_request", 400),
    ({"grant_type": "authorization_code"}, "unsupported_grant_type", 400),
    ({"scope": "everything"}, "invalid_scope", 400),
    ({"scope": 'mcp "\\'}, "invalid_scope", 400),
    ({"resource": "https://other.example.com"}, "invalid_target", 400),
]


@pytest.mark.parametrize(("change", "code", "status"), ERRORS)
def test_an_error_has_the_form_of_the_standard(
    send: Send, client: dict[str, Any], change: dict[str, str], code: str, status: int
) -> None:
    """RFC 6749 5.2: JSON that is not cached, with a code, and a description in the allowed characters."""
    answer = ask(send, client, **change)
    assert (answer["statusCode"], answer["json"]["error"]) == (status, code)
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", answer["json"]["error_description"])


def test_no_client_authentication_at_all_is_invalid_client(send: Send) -> None:
    assert send("POST", "/token", form=GRANT)["json"]["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("mcp:read", "mcp:read"),
        ("mcp:read mcp:write", "mcp:read mcp:write"),
        (None, "mcp mcp:write"),
        ("mcp:all", None),
    ],
)
def test_a_client_gets_an_implied_scope_but_never_a_scope_that_implies_its_own(
    send_to: Callable[..., Send], asked: str | None, granted: str | None
) -> None:
    """RFC 6749 3.3; the token has the requested scope and no more."""
    scopes = dict.fromkeys(("mcp", "mcp:read", "mcp:write", "mcp:all"), "x")
    implies = {"mcp:write": ["mcp:read"], "mcp:all": ["mcp:read", "mcp:write"]}
    send = send_to(scopes=scopes, scope_implies=implies, machine_scopes=tuple(scopes))
    registered = send("POST", "/dcr", json={**MACHINE, "scope": "mcp:write"})["json"]
    assert registered["scope"] == "mcp mcp:write"
    answer = ask(send, registered, **({"scope": asked} if asked else {}))["json"]
    if granted is None:
        assert answer["error"] == "invalid_scope"
    else:
        assert answer["scope"] == granted
        assert jwt.decode(answer["access_token"], options={"verify_signature": False})["scope"] == granted
