"""Which redirect URIs may be registered: RFC 6749 3.1.2, RFC 8252 7 and 8."""

import pytest

from runtime.oauth.clients.redirect_uri import check_redirect_uri, is_on_device
from runtime.oauth.errors import InvalidRedirectUri
from tests.support.redirect_uris import ANYWHERE, LOOPBACK, PRIVATE_USE

SCHEMES = ("cursor", "vscode", "vscode-insiders", "windsurf")


def check(uri: str) -> None:
    check_redirect_uri(uri, "/redirect_uris/3", SCHEMES)


def reason(uri: str) -> str:
    with pytest.raises(InvalidRedirectUri) as caught:
        check(uri)
    assert caught.value.pointer == "/redirect_uris/3"
    # Shorter parts of a URI are in any sentence.
    assert len(uri) < 4 or uri not in caught.value.description
    return caught.value.reason


@pytest.mark.parametrize("uri", [*ANYWHERE, *LOOPBACK, *PRIVATE_USE])
def test_applications_may_register_claimed_https_loopback_and_private_use(uri: str) -> None:
    """RFC 8252 7.1, 7.2 and 7.3."""
    check(uri)


@pytest.mark.parametrize(
    "uri", [*LOOPBACK, *PRIVATE_USE, "https://localhost/cb", "https://127.0.0.2/", "https://[::1]/"]
)
def test_a_redirect_to_the_users_device_makes_a_client_native(uri: str) -> None:
    """OpenID Connect Registration 1.0, 2: a web client has https redirect URIs, and none on localhost."""
    assert is_on_device(uri)
    assert not any(map(is_on_device, ANYWHERE))


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "data://text/html,x",
        "vbscript://x/y",
        "file:///etc/passwd",
        "file://host/x",
        "blob:https://example.com/1",
        "filesystem:https://example.com/x",
        "view-source:https://example.com",
        "about:blank",
        "ws://example.com/x",
        "wss://example.com/x",
        "ftp://example.com/x",
        "mailto:a@example.com",
        "tel:1",
        "intent://scan/#Intent;end",
        "intent://scan/",
        "ms-msdt://id/x",
        "ms-word://ofe",
        "search-ms://query",
        "chrome-extension://abc/x",
        "itms-services://x/y",
        "ssh://host/",
        "googlechromes://example.com/x",
        "x-safari-https://example.com/x",
        "x-web-search://?x",
        "shortcuts://run-shortcut?name=x",
        "applescript://com.apple.scripteditor?action=new",
        "ms-settings:network",
        "ms-appinstaller://?source=https://example.com",
        "x-apple.systempreferences:com.apple.preference",
        "x-apple.systempreferences://com.apple.preference",
        "web+something://x/y",
        "nobody-has-heard-of-this://app/cb",
        "m.y://app/cb",
        ".com.example:/cb",
        "com..example:/cb",
        "com.example.:/cb",
    ],
)
def test_a_scheme_that_runs_shows_or_starts_something_is_refused(uri: str) -> None:
    """RFC 8252 7.1 and 8.4: a private-use scheme is a reversed domain name, and these are not."""
    assert reason(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "x",
        "/relative",
        "//example.com/cb",
        "example.com/cb",
        "://example.com",
        "https:",
        "https:/example.com/cb",
        "https:example.com/cb",
        "https://",
        "https:///cb",
        "https://?x",
        "https://:8080/",
        "HTTPS://example.com/cb",
        "https://Example.com/cb",
        "http://LOCALHOST/cb",
        "com.Example.App:/cb",
        "https://exam%70le.com/cb",
        "https://example.com:port/",
        "https://example.com:65536/",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://[1.2.3.4]/cb",
        "https://[v1.x]/cb",
        "https://[]/cb",
        "https://[::1]x/cb",
        "https://[:::1]/cb",
        "https://[1:2:3:4:5:6:7:8:9]/cb",
        "https://[::12345]/cb",
        "https://127.1/cb",
        "https://2130706433/cb",
        "https://0x7f000001/cb",
        "https://0177.0.0.1/cb",
        "https://1.2.3.4.5/cb",
        "https://1.2.3.400/cb",
        "https://1.2.3.4./cb",
        "https://./cb",
        "https://a..b/cb",
        "https://-a.example/cb",
        "https://a-.example/cb",
        f"https://{'a' * 64}.example/cb",
        f"https://{'a.' * 127}example/cb",
        "https://example.com:99999/cb",
        "com.example.app://[1.2.3.4]/cb",
        "com.example.app://[::1/cb",
        "com.example.app://a:b/cb",
        "https://example.com/cb#",
        "https://example.com/cb#fragment",
        "cursor://app/cb#fragment",
        "https://user@example.com/cb",
        "https://user:word@example.com/cb",
        "https://example.com@evil.example/cb",
        "http://localhost@evil.example/cb",
        "http://127.0.0.1:80@evil.example/cb",
        "https://@example.com/cb",
        "cursor://user@app/cb",
        "com.example.app://user@app/cb",
        "http://example.com/cb",
        "http://localhost.example.com/cb",
        "http://127.0.0.1.example.com/cb",
        "http://127.0.0.2/cb",
        "http://2130706433/cb",
        "http://0x7f.1/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://[0:0:0:0:0:0:0:1]/cb",
        "https://*.example.com/cb",
        "https://example.com/*",
        "cursor://*/cb",
        "https://example.com/a b",
        "https://example.com/\tx",
        "https://example.com/cb\n",
        "\nhttps://example.com/cb",
        "https://example.com/\x00",
        "https://example.com/\x7f",
        "https://example.com\\@evil.example/cb",
        "https://example.com/<x>",
        'https://example.com/"x',
        "https://example.com/{x}",
        "https://exämple.com/cb",
        "https://example.com/ü",
        "cursor:app/cb",
        "cursor:/app/cb",
        "cursor:///cb",
        "cursor://",
        "cursor:",
        "cursor://app:80/cb",
    ],
)
def test_an_ambiguous_or_misleading_uri_is_refused(uri: str) -> None:
    """RFC 6749 3.1.2, RFC 3986 3."""
    assert reason(uri)
