"""Which requests match a registered redirect URI, and who owns it: RFC 6749 3.1.2.3, RFC 8252 7.3 and 8.6."""

import pytest

from runtime.oauth.clients.redirect_uri import is_claimed_https, redirect_uri_matches
from tests.support.redirect_uris import ANYWHERE, LOOPBACK, PRIVATE_USE


@pytest.mark.parametrize("uri", [*ANYWHERE, *LOOPBACK, *PRIVATE_USE])
def test_a_request_for_the_very_same_uri_matches(uri: str) -> None:
    """RFC 9700 2.1: exact string matching."""
    assert redirect_uri_matches(uri, uri)


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"),
        ("http://127.0.0.1:8080/cb", "http://127.0.0.1:49152/cb"),
        ("http://127.0.0.1:8080/cb", "http://127.0.0.1/cb"),
        ("http://[::1]/cb?x=1", "http://[::1]:65535/cb?x=1"),
        ("http://localhost/callback", "http://localhost:54212/callback"),
        ("http://localhost", "http://localhost:1"),
    ],
)
def test_the_port_of_loopback_may_be_any(registered: str, asked: str) -> None:
    """RFC 8252 7.3: "MUST allow any port to be specified at the time of the request for loopback IP redirect URIs"."""
    assert redirect_uri_matches(registered, asked)


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("https://example.com/cb", "https://example.com:8443/cb"),
        ("https://example.com/cb", "https://example.com:443/cb"),
        ("https://example.com/cb", "https://example.com/cb/"),
        ("https://example.com/cb", "https://example.com/cb/extra"),
        ("https://example.com/cb", "https://example.com/cb?x=1"),
        ("https://example.com/cb", "https://example.com/cb#x"),
        ("https://example.com/cb", "https://example.com/CB"),
        ("https://example.com/cb", "HTTPS://example.com/cb"),
        ("https://example.com/cb", "https://EXAMPLE.com/cb"),
        ("https://example.com/cb", "http://example.com/cb"),
        ("https://example.com/cb", "https://example.com./cb"),
        ("https://example.com/cb", "https://example.com/x/../cb"),
        ("https://example.com/cb", "https://example.com/%63b"),
        ("https://example.com/a/b", "https://example.com/a%2fb"),
        ("https://example.com/a%2Fb", "https://example.com/a%2fb"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/cb", "https://user@example.com/cb"),
        ("https://example.com/cb", "https://example.com@evil.example/cb"),
        ("https://example.com/cb", "https://evil.example/https://example.com/cb"),
        ("https://example.com/cb", "https://example.com\\@evil.example/cb"),
        ("https://example.com/cb", "https://example.com/cb\n"),
        ("https://example.com/cb", " https://example.com/cb"),
        ("https://localhost/cb", "https://localhost:1/cb"),
        ("cursor://app/cb", "cursor://app:1/cb"),
        ("cursor://app/cb", "cursor://app/cb/"),
        ("cursor://app/cb", "vscode://app/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb/extra"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/CB"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb?x"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb#x"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb\n"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb"),
        ("http://127.0.0.1/cb", "http://user@127.0.0.1:1/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:999999/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:1.evil.example/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb"),
        ("http://127.0.0.1/cb", "https://127.0.0.1:1/cb"),
        ("http://127.0.0.1/cb", "http://localhost:1/cb"),
        ("http://localhost/cb", "http://127.0.0.1:1/cb"),
        ("http://localhost/cb", "http://LOCALHOST:1/cb"),
        ("http://localhost/cb", "http://localhost.evil.example/cb"),
        ("http://[::1]/cb", "http://127.0.0.1/cb"),
        ("http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]:1/cb"),
        ("http://[::1]/cb", "http://[::ffff:127.0.0.1]:1/cb"),
        ("http://[::1]/cb", "http://[::2]:1/cb"),
        ("http://[::1]/cb", "http://::1:1/cb"),
        ("http://localhost/cb", ""),
    ],
)
def test_everything_else_does_not_match(registered: str, asked: str) -> None:
    """RFC 9700 2.1: user, case, encoding, path, port, another form of the same address."""
    assert not redirect_uri_matches(registered, asked)


@pytest.mark.parametrize("uri", [uri for uri in ANYWHERE if uri.startswith("https:")])
def test_https_leads_to_the_owner_of_its_host(uri: str) -> None:
    """RFC 8252 7.2."""
    assert is_claimed_https(uri)


@pytest.mark.parametrize(
    "uri",
    [
        *LOOPBACK,
        *PRIVATE_USE,
        "https://localhost:3000/cb",
        "https://localhost./cb",
        "https://x.localhost/cb",
        "https://127.0.0.1/cb",
        "https://127.0.0.2/cb",
        "https://127.1/cb",
        "https://2130706433/cb",
        "https://0.0.0.0/cb",
        "https://[::1]/cb",
        "https://[::ffff:127.0.0.1]/cb",
        "https://[::]/cb",
        "not a URI",
    ],
)
def test_https_on_loopback_does_not_identify_an_owner(uri: str) -> None:
    """RFC 8252 8.6: any program may listen on the user's device, with or without TLS."""
    assert not is_claimed_https(uri)
