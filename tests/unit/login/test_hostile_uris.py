"""Hostile URIs: the response is an error or the requested result, never an unexpected failure."""

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.http.errors import OriginForbidden
from runtime.http.event import Request
from runtime.mcp.origin import check_origin
from runtime.oauth.stores import Stores
from tests.support.login import PUBLIC, Browser, asking
from tests.unit.conftest import PUBLIC_URL, Send

# Hundreds of requests for each test.
pytestmark = pytest.mark.slow

PARTS = ["https:", "http:", "cursor:", "com.example.app:", "//", "/", "[", "]", "::1", "::ffff:127.0.0.1", "1.2.3.4"]
PARTS += ["[1.2.3.4]", "[v1.x]", "[fe80::1%25eth0]", "[::1", "localhost", "127.1", "0x7f.1", "example.com", ":", ":0"]
PARTS += [":80", ":99999", ":x", "@", "user@", "?", "#", "\\", "%", "%5b", "..", ".", "*", " ", "\t", "\n", "\x00"]
PARTS += ["\u212a", "\uff0e", "\u2100", "xn--", "xn--a", "a" * 64, "cb"]
HOSTS = [
    "[1.2.3.4]",
    "[v1.x]",
    "[::1]",
    "[::1",
    "::1]",
    "[]",
    "[fe80::1%25e]",
    "1.2.3.400",
    "127.1",
    "localhost.",
    "a.b",
]
SHAPED = st.tuples(
    st.sampled_from(["https://", "http://", "cursor://", "com.example.app://", "com.example.app:", "//"]),
    st.sampled_from(["", "user@", "@"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["", ":0", ":80", ":65536", ":x", ":"]),
    st.sampled_from(["", "/cb", "/[", "?x=]", "#"]),
).map("".join)
HOSTILE = SHAPED | st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
ANY = HOSTILE | st.text(string.printable, max_size=40) | st.text(max_size=40)
# The fixtures are one table for all examples, and the examples are independent of each other.
EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(uri=ANY.filter(bool))
def test_what_is_registered_can_be_asked_for_and_shown(users_send: Send, browser: Browser, uri: str) -> None:
    """RFC 7591 3.2.2: invalid_redirect_uri, or a page that names where the answer goes."""
    answer = users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": [uri]})
    assert answer["statusCode"] in {201, 400}
    if answer["statusCode"] == 400:
        assert answer["json"]["error"] == "invalid_redirect_uri"
    else:
        assert browser.get("/authorize", asking(answer["json"]))["statusCode"] == 200


@EXAMPLES
@given(uri=ANY, name=st.sampled_from(["client_uri", "logo_uri", "tos_uri#de", "policy_uri", "jwks_uri"]))
def test_every_other_uri_of_a_client_is_taken_or_refused(users_send: Send, uri: str, name: str) -> None:
    """RFC 7591 3.2.2."""
    answer = users_send("POST", "/dcr", json={**PUBLIC, name: uri})
    assert answer["statusCode"] in {201, 400}
    assert answer["statusCode"] == 201 or answer["json"]["error"] == "invalid_client_metadata"


@EXAMPLES
@given(uri=ANY, name=st.sampled_from(["redirect_uri", "client_id", "resource", "request_uri", "state"]))
def test_no_uri_in_a_query_is_a_failure(browser: Browser, client: dict[str, Any], uri: str, name: str) -> None:
    """RFC 6749 4.1.2.1."""
    assert browser.get("/authorize", asking(client, **{name: uri}))["statusCode"] in {200, 302, 400}


@EXAMPLES
@given(uri=ANY)
def test_no_resource_at_the_token_endpoint_is_a_failure(users_send: Send, client: dict[str, Any], uri: str) -> None:
    """RFC 8707 2."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client["client_id"],
        "code": "x",
        "code_verifier": "v" * 43,
    }
    assert users_send("POST", "/token", form={**form, "resource": uri})["statusCode"] in {400, 401}


@EXAMPLES
@given(origin=ANY)
def test_no_origin_is_a_failure(origin: str) -> None:
    """RFC 6454 7: what browsers send, and what anyone else may send."""
    try:
        check_origin(Request("POST", "/mcp", "request-1", {"origin": origin}), "http://localhost:8080", ())
    except OriginForbidden:
        return
    assert "localhost" in origin or "127" in origin or "::" in origin or "0x7f" in origin


@pytest.mark.parametrize(
    "uri",
    ["https://[1.2.3.4]/cb", "https://[::1", "https://[v1.x]/", "googlechromes://example.com/x", "https://127.1/cb"],
)
def test_what_was_registered_before_it_was_refused_is_not_used(
    browser: Browser, stores: Stores, client: dict[str, Any], uri: str
) -> None:
    """RFC 6749 4.1.2.1: no redirect to a redirect URI that is not valid."""
    kept = stores.clients.get(client["client_id"])
    assert kept is not None
    older = replace(kept, metadata={**kept.metadata, "redirect_uris": [uri]})
    stores.clients.replace(older, kept.registration_token_hash)
    for asked in (uri, None):
        answer = browser.get("/authorize", asking(client, redirect_uri=asked))
        assert (answer["statusCode"], PUBLIC_URL in answer["headers"].get("Location", PUBLIC_URL)) == (400, True)
